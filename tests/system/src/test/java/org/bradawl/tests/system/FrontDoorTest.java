package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bradawl.tests.system.ApiDocument.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every path: the document, problems, health and metrics. */
class FrontDoorTest {

  static Stream<Operation> lists() {
    return ApiDocument.get().operations().stream()
        .filter(operation -> operation.method().equals("GET") && !operation.path().contains("{"))
        .filter(operation -> !operation.path().endsWith("/metrics"));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void everyAnswerIsWhatTheDocumentSays(Operation operation) {
    Api.Answer answer =
        operation.needs("application-key")
            ? Api.bearing(RunningServer.CHAT_KEY).get(operation.path())
            : Api.admin().get(operation.path());

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    ApiDocument.get().assertDescribes("GET", operation.path(), answer);
  }

  @Test
  void anAnswerThatTheDocumentDoesNotDescribeIsNoticed() {
    assertThatThrownBy(() -> ApiDocument.get().assertFits("Problem", "{\"title\":\"no type\"}"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() ->
            ApiDocument.get()
                .assertFits("ApplicationPage", "{\"items\":[{\"name\":\"a b\"}],\"total\":1}"))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void theDocumentIsWholeAndInBothForms() {
    assertThat(ApiDocument.get().json().path("openapi").asText()).startsWith("3.");
    assertThat(ApiDocument.get().operations()).hasSizeGreaterThan(20);
    assertThat(ApiDocument.get().operations())
        .allSatisfy(operation -> {
          assertThat(operation.json().path("operationId").asText()).isNotEmpty();
          assertThat(operation.json().path("summary").asText()).isNotEmpty();
        });
    assertThat(Api.anonymous().get("/openapi").text()).startsWith("openapi:");
    assertThat(ApiDocument.get().json().at("/components/securitySchemes").size()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/nothing,                404, not-found",
    "GET,    /api/v1/,                       404, not-found",
    "GET,    /api/v1/tokens,                 405, method-not-allowed",
    "DELETE, /api/v1/peers,                  405, method-not-allowed",
    "PUT,    /api/v1/applications/chat,      405, method-not-allowed",
    "GET,    /api/v1/traversals/nonsense,    404, not-found",
    "GET,    /api/v1/traversals/00000000-0000-0000-0000-000000000000, 404, not-found",
    "GET,    /api/v1/peers/nobody,           404, not-found",
    "GET,    /api/v1/peers?application=a%20b, 400, invalid-value",
    "GET,    /api/v1/nat-profiles?peer=%C3%A4, 400, invalid-value",
    "GET,    /api/v1/statistics/nat-pairs?since=yesterday, 400, invalid-value",
    "GET,    /api/v1/statistics/relay?since=-999999999-01-01T00:00:00Z, 400, invalid-value",
  })
  void whatIsWrongIsAProblem(String method, String path, int status, String problem) {
    Api.Answer answer = Api.admin().send(method, path, new byte[0], List.of());

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.problem()).isEqualTo(problem);
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    ApiDocument.get().assertFits("Problem", answer.text());
    assertThat(answer.text()).doesNotContain("Exception").doesNotContain("at org.");
    if (status == 405) {
      assertThat(answer.header("Allow")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /nothing",
    "POST,   /nothing",
    "GET,    /demo/nothing",
    "GET,    /sdk/nothing.js",
    "GET,    /WEB-INF/web.xml",
    "GET,    /error",
    "GET,    /apiary",
  })
  void anAddressThatLeadsNowhereHasAPageOfOurs(String method, String path) {
    Api.Answer answer = Api.anonymous().send(method, path, new byte[0], List.of());

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).startsWith("text/html");
    assertThat(answer.text())
        .contains("<h1>There is nothing here.</h1>")
        .doesNotContainIgnoringCase("Payara");
  }

  @Test
  void whatFilesDoNotTakeHasAPageOfOursToo() {
    Api.Answer answer = Api.anonymous().delete("/index.html");

    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.text())
        .contains("<h1>That cannot be done here.</h1>")
        .doesNotContainIgnoringCase("Payara");
  }

  @Test
  void belowApiAnAddressThatLeadsNowhereIsAProblem() {
    Api.Answer answer = Api.anonymous().get("/api/nothing");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.problem()).isEqualTo("not-found");
    ApiDocument.get().assertFits("Problem", answer.text());
  }

  @Test
  void whoWantsNoJsonIsToldThatThereIsNothingElse() {
    Api.Answer answer =
        Api.admin().send("GET", "/api/v1/peers", new byte[0], List.of("Accept", "text/csv"));

    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.problem()).isEqualTo("not-acceptable");
  }

  @Test
  void theTypeOfAProblemLeadsToItsExplanation() {
    String type = Api.anonymous().get("/api/v1/peers").json().path("type").asText();
    Api.Answer explanation = Api.anonymous().get(type);

    assertThat(explanation.status()).isEqualTo(200);
    assertThat(explanation.json().path("remedy").asText()).contains("Authorization: Bearer");
    assertThat(Api.anonymous().get("/api/v1/problems/none").status()).isEqualTo(404);
  }

  @Test
  void healthTellsOfDatabaseRecordsAndRelay() {
    JsonNode ready = Api.anonymous().get("/health/ready").json();

    assertThat(ready.path("status").asText()).isEqualTo("UP");
    JsonNode data = ready.path("checks").path(0).path("data");
    assertThat(data.path("database").asText()).isEqualTo("up");
    assertThat(data.path("records-dropped").asText()).isEqualTo("0");
    assertThat(data.path("listeners").asText())
        .contains("UDP 127.0.0.1:" + RunningServer.get().turn().getPort());
    assertThat(Api.anonymous().get("/health/live").json().path("status").asText()).isEqualTo("UP");
  }

  @Test
  void everyMeterIsDocumentedAndEveryDocumentedMeterIsThere() {
    String text = Api.anonymous().get("/metrics").text();
    String documented = ApiDocument.get().json().at("/paths/~1metrics/get/description").asText();
    Set<String> names = new TreeSet<>();
    Matcher matcher = Pattern.compile("(?m)^# TYPE (bradawl_[a-z_]+) ").matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }

    assertThat(names).hasSizeGreaterThan(20);
    assertThat(names).allSatisfy(name -> assertThat(documented).contains(name));
    Matcher named = Pattern.compile("`(bradawl_[a-z_]+)`").matcher(documented);
    while (named.find()) {
      assertThat(names).contains(named.group(1));
    }
    assertThat(text).contains("jvm_memory_used_bytes", "process_uptime_seconds");
  }

  @Test
  void metricsAlsoComeAsOpenMetrics() {
    Api.Answer answer =
        Api.anonymous()
            .send(
                "GET",
                "/metrics",
                new byte[0],
                List.of("Accept", "application/openmetrics-text; version=1.0.0"));

    assertThat(answer.header("Content-Type")).startsWith("application/openmetrics-text");
    assertThat(answer.text()).endsWith("# EOF\n");
  }
}
