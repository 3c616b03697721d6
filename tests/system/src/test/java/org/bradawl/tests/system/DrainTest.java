package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.AlternateDomain;
import org.bradawl.stun.attribute.AlternateServer;
import org.bradawl.stun.attribute.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The server is taken out of service while somebody uses it, and others come: those are sent to the
 * other server of its list.
 */
class DrainTest {

  private static final String SERVERS = "/api/v1/configuration/bradawl.turn.alternate-servers";
  private static final String DRAIN = "/api/v1/drain";

  private final Api admin = Api.admin();

  @AfterEach
  void backInService() {
    assertThat(admin.delete(DRAIN).status()).isEqualTo(200);
    assertThat(admin.delete(SERVERS).status()).isBetween(200, 404);
  }

  @Test
  void newcomersAreSentToTheOtherServerAndTheOthersStayUntilTheWaitIsOver() {
    try (TurnClient staying = client("staying-on")) {
      assertThat(staying.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      String own = "127.0.0.1:" + RunningServer.get().turn().getPort();
      set(own + ",127.0.0.77:3478/relay2.example.org");
      assertThat(drain("{}").path("state").asText()).isEqualTo("draining");
      assertThat(Api.anonymous().get("/health/ready").status()).isEqualTo(503);

      for (int i = 0; i < 8; i++) {
        assertSentElsewhere("newcomer-" + i);
      }
      try (TurnClient stranger =
          new TurnClient(RunningServer.get().turn(), "1999999999:chat/stranger", "a guess")) {
        StunMessage refused = stranger.allocate();
        assertThat(code(refused)).isEqualTo(401);
        assertThat(refused.has(AlternateServer.class)).isFalse();
      }
      assertThat(staying.permit("127.0.0.9", 9)).as("who is there goes on").isZero();
      assertThat(code(staying.refresh(600))).isZero();

      drain("{\"seconds\":1}");
      Eventually.get(admin, DRAIN, now -> now.path("state").asText().equals("drained"));
      assertThat(staying.permit("127.0.0.9", 9)).as("the wait is over").isEqualTo(437);
      Eventually.get(admin, "/api/v1/audit?limit=500", audit -> audit.toString().contains("drain"));
    }
  }

  private void assertSentElsewhere(String peer) {
    try (TurnClient client = client(peer)) {
      StunMessage answer = client.allocate();
      assertThat(code(answer)).isEqualTo(300);
      assertThat(answer.first(AlternateServer.class).orElseThrow().address())
          .hasToString("127.0.0.77:3478");
      assertThat(answer.first(AlternateDomain.class))
          .contains(new AlternateDomain("relay2.example.org"));
      assertThat(client.vouches(answer)).as("with integrity").isTrue();
    }
  }

  private void set(String servers) {
    Api.Answer answer = send("PUT", SERVERS, "{\"value\":\"" + servers + "\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private JsonNode drain(String body) {
    Api.Answer answer = send("POST", DRAIN, body);
    assertThat(answer.status()).isEqualTo(200);
    ApiDocument.get().assertDescribes("POST", DRAIN, answer);
    return answer.json();
  }

  private Api.Answer send(String method, String path, String json) {
    return admin.send(
        method,
        path,
        json.getBytes(StandardCharsets.UTF_8),
        List.of("Content-Type", "application/json"));
  }

  private static int code(StunMessage answer) {
    return answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  private static TurnClient client(String peer) {
    JsonNode server =
        Api.bearing(RunningServer.CHAT_KEY)
            .get("/api/v1/ice-servers?peer=" + peer)
            .json()
            .path("iceServers")
            .path(1);
    return new TurnClient(
        RunningServer.get().turn(),
        server.path("username").asText(),
        server.path("credential").asText());
  }
}
