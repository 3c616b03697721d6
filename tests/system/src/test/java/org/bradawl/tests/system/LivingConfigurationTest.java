package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.attribute.ErrorCode;
import org.junit.jupiter.api.Test;

/** What changes while the server runs, and what ends with its credential. */
class LivingConfigurationTest {

  private static final String PATH = "/api/v1/configuration";
  private static final String PER_USER = "bradawl.turn.quota.per-user";

  private final Api admin = Api.admin();

  @Test
  void aQuotaChangesWithoutARestartAndIsTakenBack() {
    Api.Answer list = admin.get(PATH);
    ApiDocument.get().assertDescribes("GET", PATH, list);
    assertThat(setting(PER_USER).path("source").asText()).isEqualTo("default");
    try {
      Api.Answer changed = send("PATCH", PATH, "{\"" + PER_USER + "\":\"0\"}");
      ApiDocument.get().assertDescribes("PATCH", PATH, changed);
      assertThat(changed.status()).isEqualTo(200);
      assertThat(changed.json().path("changed").path(0).asText()).isEqualTo(PER_USER);
      assertThat(setting(PER_USER).path("value").asText()).isEqualTo("0");
      assertThat(setting(PER_USER).path("source").asText()).isEqualTo("rest");
      assertThat(allocateError(iceServer(RunningServer.CHAT_KEY, "limited"))).isEqualTo(486);
    } finally {
      assertThat(admin.delete(PATH + "/" + PER_USER).status()).isEqualTo(200);
    }
    assertThat(allocateError(iceServer(RunningServer.CHAT_KEY, "limited"))).isZero();
    Eventually.get(
        admin,
        "/api/v1/audit?limit=500",
        audit -> audit.toString().contains("change-configuration"));
  }

  @Test
  void aWrongValueChangesNothingAndIsNamedWithTheRemedy() {
    Api.Answer wrong =
        send(
            "PATCH",
            PATH,
            "{\"bradawl.turn.rate.total\":\"5M\",\"bradawl.relay.denied-peers\":\"10.0.0.1/8\"}");
    assertThat(wrong.status()).isEqualTo(400);
    ApiDocument.get().assertDescribes("PATCH", PATH, wrong);
    assertThat(wrong.json().path("errors").path(0).path("name").asText())
        .isEqualTo("bradawl.relay.denied-peers");
    assertThat(wrong.json().path("errors").path(0).path("message").asText())
        .contains("Give ranges such as");
    assertThat(setting("bradawl.turn.rate.total").path("source").asText()).isEqualTo("default");

    for (String key : List.of("bradawl.http.port", "bradawl.turn.secret", "no.such.key")) {
      Api.Answer refused = send("PUT", PATH, "{\"" + key + "\":\"1\"}");
      assertThat(refused.status()).as(key).isEqualTo(400);
      assertThat(refused.text()).contains(key);
    }
    assertThat(admin.get(PATH + "/bradawl.turn.secret").text()).doesNotContain("value");
    assertThat(Api.bearing(RunningServer.CHAT_KEY).get(PATH).status()).isEqualTo(403);
  }

  @Test
  void deniedPeersAreCutOffWithoutARestart() {
    JsonNode server = iceServer(RunningServer.CHAT_KEY, "cut-off");
    try (TurnClient client = client(server)) {
      assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      assertThat(client.permit("127.0.0.9", 9)).isZero();
      try {
        assertThat(
                send("PUT", PATH + "/bradawl.relay.allowed-peers", "{\"value\":\"127.1.0.0/16\"}")
                    .status())
            .isEqualTo(200);
        assertThat(client.permit("127.0.0.9", 9)).isEqualTo(403);
        RunningServer.get().awaitLog("denied to user \"chat/cut-off\"");
      } finally {
        admin.delete(PATH + "/bradawl.relay.allowed-peers");
      }
      assertThat(client.permit("127.0.0.9", 9)).isZero();
    }
  }

  @Test
  void aUserLivesInTheDatabaseByItsKeysAndEndsWithThem() {
    String path = "/api/v1/users/walter";
    Api.Answer made = send("PUT", path, "{\"password\":\"first\"}");
    assertThat(made.status()).isEqualTo(201);
    ApiDocument.get().assertDescribes("PUT", "/api/v1/users/{name}", made);
    try (TurnClient client = new TurnClient(RunningServer.get().turn(), "walter", "first")) {
      assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      assertThat(live("walter")).isTrue();
      assertThat(send("PUT", path, "{\"password\":\"second\"}").status()).isEqualTo(200);
      assertThat(live("walter")).as("its password has changed").isFalse();
    }
    try (TurnClient client = new TurnClient(RunningServer.get().turn(), "walter", "second")) {
      assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      assertThat(admin.delete(path).status()).isEqualTo(204);
      assertThat(live("walter")).as("it is removed").isFalse();
      assertThat(error(client)).isEqualTo(401);
    }
    ApiDocument.get().assertDescribes("GET", "/api/v1/users", admin.get("/api/v1/users"));
    assertThat(admin.delete(path).status()).isEqualTo(404);
    assertThat(send("PUT", "/api/v1/users/a:b", "{\"password\":\"x\"}").status()).isEqualTo(400);
    assertThat(send("PUT", path, "{}").status()).isEqualTo(400);
  }

  @Test
  void revokingAKeyEndsItsRelayAndItsSignalingSessionsWithinASecond() {
    String application = "revoked-" + System.nanoTime();
    JsonNode first =
        admin.post("/api/v1/applications", "{\"name\":\"" + application + "\"}").json();
    JsonNode second = admin.post("/api/v1/applications/" + application + "/keys").json();
    String old = first.path("key").asText();
    JsonNode oldServer = iceServer(old, "old");
    try (TurnClient doomed = client(oldServer);
        TurnClient spared = client(iceServer(second.path("key").asText(), "new"));
        WirePeer talking =
            WirePeer.connect("token=" + old + "&peer=talking", "bradawl.v1", frame -> {})) {
      talking.hear("welcome");
      assertThat(doomed.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      assertThat(spared.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      String key = "/api/v1/applications/" + application + "/keys/" + first.path("id").asText();
      Instant begin = Instant.now();
      assertThat(admin.delete(key).status()).isEqualTo(204);
      assertThat(live("old")).as("within the request").isFalse();
      assertThat(live("new")).as("made with the other key").isTrue();
      assertThat(talking.goodbye()).isEqualTo("unauthorized 4401");
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
    try (TurnClient late = client(oldServer)) {
      assertThat(error(late)).as("its credential is no longer good").isEqualTo(401);
    }
  }

  @Test
  void aRotatedSecretIsGoodForTheOverlapAndNoLonger() {
    // Another test may have begun one, to see who may.
    Api.Answer first = send("POST", "/api/v1/secret", "{\"overlap\":0}");
    assertThat(first.status()).as(first.text()).isEqualTo(200);
    JsonNode before = iceServer(RunningServer.CHAT_KEY, "rotated");
    Api.Answer rotated = send("POST", "/api/v1/secret", "{\"overlap\":3600}");
    assertThat(rotated.status()).isEqualTo(200);
    ApiDocument.get().assertDescribes("POST", "/api/v1/secret", rotated);
    try (TurnClient old = client(before);
        TurnClient fresh = client(iceServer(RunningServer.CHAT_KEY, "rotated"))) {
      assertThat(old.allocate().messageClass())
          .as("overlap")
          .isEqualTo(MessageClass.SUCCESS_RESPONSE);
      assertThat(fresh.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      assertThat(send("POST", "/api/v1/secret", "{\"overlap\":60}").status()).isEqualTo(409);
      assertThat(send("POST", "/api/v1/secret", "{\"overlap\":0}").status()).isEqualTo(200);
      assertThat(live("rotated")).as("no overlap").isFalse();
    }
    try (TurnClient late = client(before)) {
      assertThat(error(late)).isEqualTo(401);
    }
    assertThat(allocateError(iceServer(RunningServer.CHAT_KEY, "rotated"))).isZero();
  }

  @Test
  void aDrainedNodeTakesNobodyNewAndLetsTheOthersFinish() {
    try (TurnClient client = client(iceServer(RunningServer.CHAT_KEY, "staying"))) {
      assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      try {
        Api.Answer begun = admin.post("/api/v1/drain");
        ApiDocument.get().assertDescribes("POST", "/api/v1/drain", begun);
        assertThat(begun.json().path("state").asText()).isEqualTo("draining");
        assertThat(Api.anonymous().get("/health/ready").status()).isEqualTo(503);
        assertThat(allocateError(iceServer(RunningServer.CHAT_KEY, "newcomer"))).isEqualTo(508);
        assertThat(live("staying")).isTrue();
        assertThat(send("POST", "/api/v1/drain", "{\"seconds\":0}").status()).isEqualTo(200);
        Eventually.get(
            admin, "/api/v1/drain", drain -> drain.path("state").asText().equals("drained"));
      } finally {
        assertThat(admin.delete("/api/v1/drain").status()).isEqualTo(200);
      }
      assertThat(Api.anonymous().get("/health/ready").status()).isEqualTo(200);
      assertThat(allocateError(iceServer(RunningServer.CHAT_KEY, "newcomer"))).isZero();
    }
  }

  private JsonNode setting(String key) {
    Api.Answer answer = admin.get(PATH + "/" + key);
    ApiDocument.get().assertDescribes("GET", PATH + "/{key}", answer);
    return answer.json();
  }

  private Api.Answer send(String method, String path, String json) {
    return admin.send(
        method,
        path,
        json.getBytes(StandardCharsets.UTF_8),
        List.of("Content-Type", "application/json"));
  }

  private boolean live(String peer) {
    for (JsonNode item : admin.get("/api/v1/allocations?limit=500").json().path("items")) {
      if (item.path("peer").asText().equals(peer)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode iceServer(String key, String peer) {
    return Api.bearing(key)
        .get("/api/v1/ice-servers?peer=" + peer)
        .json()
        .path("iceServers")
        .path(1);
  }

  private static TurnClient client(JsonNode server) {
    return new TurnClient(
        RunningServer.get().turn(),
        server.path("username").asText(),
        server.path("credential").asText());
  }

  private static int allocateError(JsonNode server) {
    try (TurnClient client = client(server)) {
      return error(client);
    }
  }

  private static int error(TurnClient client) {
    return client.allocate().first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }
}
