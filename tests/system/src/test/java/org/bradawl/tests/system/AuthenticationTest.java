package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bradawl.tests.system.ApiDocument.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what, for every operation that the document names. */
class AuthenticationTest {

  private static final String NOWHERE = "00000000-0000-0000-0000-000000000000";

  static Stream<Operation> adminOperations() {
    return ApiDocument.get().operations().stream().filter(operation -> operation.needs("admin"));
  }

  @Test
  void thereAreAdminOperationsToTest() {
    assertThat(adminOperations()).hasSizeGreaterThanOrEqualTo(15);
  }

  @ParameterizedTest
  @MethodSource("adminOperations")
  void nobodyButTheAdministratorMayAdminister(Operation operation) {
    Api.Answer missing = call(Api.anonymous(), operation);
    assertThat(missing.status()).isEqualTo(401);
    assertThat(missing.problem()).isEqualTo("credentials-missing");
    assertThat(missing.header("WWW-Authenticate")).startsWith("Bearer");

    Api.Answer application = call(Api.bearing(RunningServer.CHAT_KEY), operation);
    assertThat(application.status()).isEqualTo(403);
    assertThat(application.problem()).isEqualTo("not-allowed");

    Api.Answer peer = call(Api.bearing(tokenOf("mallory", 60)), operation);
    assertThat(peer.status()).isEqualTo(403);

    Api.Answer wrong =
        call(
            Api.bearing(RunningServer.ADMIN_TOKEN + "x").from("127.0.1." + addressOf(operation)),
            operation);
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.problem()).isEqualTo("credentials-unknown");

    Api.Answer admin = call(Api.admin(), operation);
    assertThat(admin.status()).isNotIn(401, 403);

    for (Api.Answer answer : List.of(missing, application, peer, wrong)) {
      ApiDocument.get().assertDescribes(operation.method(), operation.path(), answer);
    }
  }

  @Test
  void anApplicationKeyOrATokenOfThePeerFetchesIceServers() {
    assertThat(Api.bearing(RunningServer.CHAT_KEY).get("/api/v1/ice-servers").status())
        .isEqualTo(200);
    assertThat(Api.bearing(tokenOf("alice", 60)).get("/api/v1/ice-servers?peer=alice").status())
        .isEqualTo(200);

    Api.Answer other = Api.bearing(tokenOf("alice", 60)).get("/api/v1/ice-servers?peer=bob");
    assertThat(other.status()).isEqualTo(403);
    ApiDocument.get().assertDescribes("GET", "/api/v1/ice-servers", other);

    Api.Answer badId = Api.bearing(RunningServer.CHAT_KEY).get("/api/v1/ice-servers?peer=a%2Fb");
    assertThat(badId.status()).isEqualTo(400);
    ApiDocument.get().assertDescribes("GET", "/api/v1/ice-servers", badId);
  }

  @Test
  void aTokenMakesNoTokens() {
    Api.Answer answer = Api.bearing(tokenOf("alice", 60)).post("/api/v1/tokens", "{}");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().path("detail").asText()).contains("application's key");
  }

  @Test
  void anExpiredTokenIsToldApartFromAForgedOne() throws InterruptedException {
    String token = tokenOf("alice", 1);
    Api.Answer answer = Api.bearing(token).get("/api/v1/ice-servers");
    Instant deadline = Instant.now().plusSeconds(10);
    while (answer.status() == 200 && Instant.now().isBefore(deadline)) {
      Thread.sleep(Duration.ofMillis(100));
      answer = Api.bearing(token).get("/api/v1/ice-servers");
    }

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.problem()).isEqualTo("token-expired");
    assertThat(answer.json().path("detail").asText()).contains("POST /api/v1/tokens");

    String forged = token.substring(0, token.length() - 4) + "AAAA";
    Api.Answer unknown = Api.bearing(forged).from("127.0.2.1").get("/api/v1/ice-servers");
    assertThat(unknown.problem()).isEqualTo("credentials-unknown");
  }

  @Test
  void anAddressThatGuessesIsClosedForAWhile() {
    Api guesser = Api.anonymous().from("127.0.2.2");
    Api.Answer answer = guesser.with("guess").get("/api/v1/peers");
    for (int i = 0; i < 60 && answer.status() == 401; i++) {
      answer = guesser.with("guess-" + i).get("/api/v1/peers");
    }

    assertThat(answer.status()).isEqualTo(429);
    assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
    ApiDocument.get().assertDescribes("GET", "/api/v1/peers", answer);
    assertThat(guesser.with(RunningServer.ADMIN_TOKEN).get("/api/v1/peers").status())
        .as("else the right one would be found by guessing on")
        .isEqualTo(429);
    assertThat(Api.admin().get("/api/v1/peers").status()).as("another address").isEqualTo(200);
  }

  @Test
  void withConfiguredApplicationsThereIsNoDemo() {
    Api.Answer answer = Api.anonymous().post("/api/v1/demo/token");

    assertThat(answer.status()).isEqualTo(404);
    ApiDocument.get().assertDescribes("POST", "/api/v1/demo/token", answer);
  }

  @Test
  void credentialsDoNotReachTheLog() {
    Api.bearing(RunningServer.CHAT_KEY).get("/api/v1/ice-servers");

    assertThat(RunningServer.get().log())
        .doesNotContain(RunningServer.CHAT_KEY)
        .doesNotContain(RunningServer.ADMIN_TOKEN);
  }

  private static Api.Answer call(Api api, Operation operation) {
    String path =
        operation.path().replace("{id}", NOWHERE).replaceAll("\\{[a-z]+\\}", "no-such-name");
    return operation.method().equals("POST") && operation.path().endsWith("/applications")
        ? api.post(path, "{}")
        : api.send(operation.method(), path, new byte[0], List.of());
  }

  /** Each operation guesses from an address of its own, so that they do not close one together. */
  private static int addressOf(Operation operation) {
    return 1 + Math.floorMod(operation.toString().hashCode(), 250);
  }

  private static String tokenOf(String peer, int seconds) {
    JsonNode answer =
        Api.bearing(RunningServer.CHAT_KEY)
            .post("/api/v1/tokens", "{\"peer\":\"%s\",\"ttl\":%d}".formatted(peer, seconds))
            .json();
    return answer.path("token").asText();
  }
}
