package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What peers did in signaling, as an administrator reads it afterwards. */
class HistoryTest {

  private final Api admin = Api.admin();

  @Test
  void aPeerIsOnlineAndThenGone() {
    String path = "/api/v1/peers/coming";
    try (SignalingPeer peer = SignalingPeer.enter(RunningServer.CHAT_KEY, "coming")) {
      JsonNode online =
          Eventually.get(admin, path, found -> found.path("peer").path("online").asBoolean());
      assertThat(online.path("peer").path("userAgent").asText()).isEqualTo("system tests");
      assertThat(online.path("peer").path("address").asText()).contains("127.0.0.1");
      ApiDocument.get().assertDescribes("GET", "/api/v1/peers/{id}", admin.get(path));
      assertThat(peer).isNotNull();
    }

    JsonNode gone =
        Eventually.get(admin, path, found -> !found.path("peer").path("online").asBoolean());
    assertThat(gone.path("peer").path("goneReason").asText()).isNotEmpty();
    assertThat(gone.path("natProfiles")).isEmpty();
    Api.Answer list = admin.get("/api/v1/peers?application=chat&limit=500");
    ApiDocument.get().assertDescribes("GET", "/api/v1/peers", list);
    assertThat(list.json().path("items").findValuesAsText("id")).contains("coming");
  }

  @Test
  void peersOfTheSameIdAreToldApartByTheirApplication() {
    try (SignalingPeer one = SignalingPeer.enter(RunningServer.CHAT_KEY, "twin");
        SignalingPeer two = SignalingPeer.enter(RunningServer.OTHER_KEY, "twin")) {
      assertThat(List.of(one, two)).hasSize(2);
      Eventually.get(
          admin,
          "/api/v1/peers?limit=500",
          page ->
              page.path("items").findValuesAsText("id").stream().filter("twin"::equals).count()
                  == 2);

      Api.Answer either = admin.get("/api/v1/peers/twin");
      assertThat(either.status()).isEqualTo(400);
      assertThat(either.json().path("detail").asText()).contains("chat").contains("other");
      ApiDocument.get().assertDescribes("GET", "/api/v1/peers/{id}", either);
      Api.Answer this1 = admin.get("/api/v1/peers/twin?application=other");
      assertThat(this1.json().path("peer").path("application").asText()).isEqualTo("other");
    }
  }

  @Test
  void aTraversalIsListedExplainedAndCounted() {
    try (SignalingPeer peer = SignalingPeer.enter(RunningServer.CHAT_KEY, "teller")) {
      peer.say(
          """
          {"type":"report","traversal":{"peer":"listener","path":"relayed","transport":"udp",\
          "local":"192.0.2.7:5000","remote":"203.0.113.1:49152","millis":420,\
          "reason":"no direct pair answered","candidates":[\
          {"kind":"host","local":"10.0.0.2:5000","remote":"10.1.0.2:5000","outcome":"failed",\
          "millis":300},"then the relay"]}}\
          """);
      peer.hear("reported");
    }

    JsonNode page =
        Eventually.get(
            admin,
            "/api/v1/traversals?application=chat&peer=teller",
            found -> found.path("total").asInt() == 1);
    JsonNode item = page.path("items").path(0);
    assertThat(item.path("path").asText()).isEqualTo("relayed");
    assertThat(item.path("millis").asLong()).isEqualTo(420);

    Api.Answer detail = admin.get("/api/v1/traversals/" + item.path("id").asText());
    ApiDocument.get().assertDescribes("GET", "/api/v1/traversals/{id}", detail);
    List<String> told = new ArrayList<>();
    detail.json().path("explanation").forEach(sentence -> told.add(sentence.asText()));
    assertThat(told)
        .contains(
            "teller reached listener after 420 ms: through the relay, over UDP.",
            "2 ways were tried: 1 failed.");
    assertThat(detail.json().path("timeline")).hasSize(4);
    assertThat(detail.json().path("evidence").path("path").asText()).isEqualTo("relayed");

    Api.Answer pairs = admin.get("/api/v1/statistics/nat-pairs");
    ApiDocument.get().assertDescribes("GET", "/api/v1/statistics/nat-pairs", pairs);
    assertThat(pairs.json().path("traversals").asLong()).isPositive();
    assertThat(pairs.json().path("items").findValues("relayed")).isNotEmpty();
    assertThat(
            admin
                .get("/api/v1/statistics/nat-pairs?since=9998-01-01T00:00:00Z")
                .json()
                .path("traversals")
                .asLong())
        .isZero();
  }

  @Test
  void whoComesThroughAProxyIsKnownByItsOwnAddress() {
    List<String> proxied =
        List.of("X-Forwarded-For", "198.51.100.7", "X-Forwarded-Host", "turn.example.org");
    Api.Answer answer =
        Api.bearing(RunningServer.CHAT_KEY)
            .send("GET", "/api/v1/ice-servers", new byte[0], proxied);
    assertThat(answer.json().path("iceServers").path(0).path("urls").path(0).asText())
        .startsWith("stun:turn.example.org:");

    Api guesser = Api.bearing("guess");
    for (int i = 0; i < 40; i++) {
      answer = guesser.send("GET", "/api/v1/peers", new byte[0], proxied);
    }
    assertThat(answer.status()).isEqualTo(429);
    assertThat(Api.admin().get("/api/v1/peers").status()).as("not the proxy itself").isEqualTo(200);
  }
}
