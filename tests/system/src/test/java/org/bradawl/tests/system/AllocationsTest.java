package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.stun.MessageClass;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;

class AllocationsTest {

  private static final String PATH = "/api/v1/allocations";

  private final Api admin = Api.admin();

  @Test
  void anAllocationIsListedShownAndEnded() {
    JsonNode server = iceServer("held");
    try (TurnClient client =
        new TurnClient(
            RunningServer.get().turn(),
            server.path("username").asText(),
            server.path("credential").asText())) {
      assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);

      Api.Answer list = admin.get(PATH + "?application=chat");
      ApiDocument.get().assertDescribes("GET", PATH, list);
      JsonNode item = find(list.json(), "held");
      Instant expires = Instant.parse(item.path("expires").asText());
      assertThat(expires).isBetween(Instant.now().plusSeconds(500), Instant.now().plusSeconds(700));
      assertThat(Instant.parse(item.path("started").asText()))
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
      assertThat(admin.get(PATH + "?application=other").json().path("items")).isEmpty();

      String id = item.path("id").asText();
      ApiDocument.get().assertDescribes("GET", PATH + "/{id}", admin.get(PATH + "/" + id));
      assertThat(admin.delete(PATH + "/" + id).status()).isEqualTo(204);
      assertThat(admin.get(PATH + "/" + id).status()).isEqualTo(404);
      assertThat(admin.delete(PATH + "/" + id).status()).isEqualTo(404);

      JsonNode ended =
          Eventually.get(
              admin, PATH + "?state=all&limit=500", all -> find(all, "held").has("ended"));
      assertThat(find(ended, "held").path("endReason").asText()).isEqualTo("admin");
      Eventually.get(
          admin,
          "/api/v1/audit?limit=500",
          audit -> audit.toString().contains("end-allocation") && audit.toString().contains(id));
    }
  }

  @Test
  void unknownIdsAndStatesAreRefused() {
    assertThat(admin.get(PATH + "/0123456789abcdef").status()).isEqualTo(404);
    assertThat(admin.get(PATH + "/nonsense").status()).isEqualTo(404);
    assertThat(admin.delete(PATH + "/%00").status()).isBetween(400, 404);
    Api.Answer state = admin.get(PATH + "?state=dead");
    assertThat(state.status()).isEqualTo(400);
    ApiDocument.get().assertDescribes("GET", PATH, state);
  }

  @Test
  void trafficShowsInMetricsAndStatisticsAndRecord() {
    String client = Requires.program("turnutils_uclient", "Debian package coturn").toString();
    JsonNode server = iceServer("loaded");
    double before = meter("bradawl_relay_bytes_total\\{direction=\"up\"\\}");
    double started = meter("bradawl_relay_allocations_started_total");
    long relayed = bytesUp(admin.get("/api/v1/statistics/relay").json());

    Program.Result result =
        Program.run(
            Duration.ofSeconds(60),
            client,
            "-u",
            server.path("username").asText(),
            "-w",
            server.path("credential").asText(),
            "-p",
            Integer.toString(RunningServer.get().turn().getPort()),
            "-y",
            "-c",
            "-m",
            "2",
            "-n",
            "50",
            "-l",
            "200",
            "127.0.0.1");

    assertThat(result.exitCode()).as(result.output()).isZero();
    // The shards publish what they counted once a second.
    Eventually.get(
        admin, "/api/v1/statistics/relay", now -> bytesUp(now) >= relayed + 2 * 50 * 200);
    assertThat(meter("bradawl_relay_allocations_started_total")).isGreaterThan(started);
    assertThat(meter("bradawl_relay_bytes_total\\{direction=\"up\"\\}"))
        .isGreaterThanOrEqualTo(before + 2 * 50 * 200);
    ApiDocument.get()
        .assertDescribes("GET", "/api/v1/statistics/relay", admin.get("/api/v1/statistics/relay"));
    JsonNode recorded =
        Eventually.get(
            admin,
            PATH + "?state=all&limit=500",
            all -> find(all, "loaded").path("bytesUp").asLong() >= 50 * 200);
    assertThat(find(recorded, "loaded").path("application").asText()).isEqualTo("chat");
  }

  private static JsonNode iceServer(String peer) {
    return Api.bearing(RunningServer.CHAT_KEY)
        .get("/api/v1/ice-servers?peer=" + peer)
        .json()
        .path("iceServers")
        .path(1);
  }

  private static JsonNode find(JsonNode page, String peer) {
    for (JsonNode item : page.path("items")) {
      if (item.path("peer").asText().equals(peer)) {
        return item;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  private static long bytesUp(JsonNode statistics) {
    return statistics.path("now").path("relayed").path("bytesUp").asLong();
  }

  private static double meter(String pattern) {
    String text = Api.anonymous().get("/metrics").text();
    Matcher matcher = Pattern.compile("(?m)^" + pattern + " (.*)$").matcher(text);
    assertThat(matcher.find()).as(pattern + " in\n" + text).isTrue();
    return Double.parseDouble(matcher.group(1));
  }
}
