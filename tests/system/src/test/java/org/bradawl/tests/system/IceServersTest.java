package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.junit.jupiter.api.Test;

class IceServersTest {

  private static final String PATH = "/api/v1/ice-servers";

  @Test
  void theUrlsLeadToTheRelayByTheNameThatReachedIt() {
    Api.Answer answer = Api.bearing(RunningServer.CHAT_KEY).get(PATH + "?peer=alice");
    int port = RunningServer.get().turn().getPort();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    ApiDocument.get().assertDescribes("GET", PATH, answer);
    JsonNode servers = answer.json().path("iceServers");
    assertThat(texts(servers.path(0).path("urls"))).containsExactly("stun:127.0.0.1:" + port);
    assertThat(texts(servers.path(1).path("urls")))
        .containsExactly(
            "turn:127.0.0.1:" + port + "?transport=udp",
            "turn:127.0.0.1:" + port + "?transport=tcp");
    assertThat(servers.path(1).path("username").asText())
        .matches("[0-9]{10}:chat/alice#[0-9a-f]{8}");
    assertThat(answer.json().path("ttl").asLong()).isEqualTo(43_200);
  }

  @Test
  void theRelayTakesTheCredentialsAndKnowsWhoseTheyAre() {
    JsonNode server =
        Api.bearing(RunningServer.CHAT_KEY)
            .get(PATH + "?peer=ice-1")
            .json()
            .path("iceServers")
            .path(1);
    try (TurnClient client = client(server, server.path("credential").asText())) {
      StunMessage answer = client.allocate();

      assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      String relayed =
          answer.first(XorRelayedAddress.class).map(a -> a.address().toString()).orElse("none");
      JsonNode allocation = allocationOf("ice-1");
      assertThat(allocation.path("application").asText()).isEqualTo("chat");
      assertThat(allocation.path("user").asText()).isEqualTo("chat/ice-1");
      assertThat(allocation.path("relayed").asText()).isEqualTo(relayed);
      assertThat(allocation.path("client").asText()).isEqualTo(client.address());
    }
  }

  @Test
  void theRelayTakesNoOtherPassword() {
    JsonNode server =
        Api.bearing(RunningServer.CHAT_KEY)
            .get(PATH + "?peer=ice-2")
            .json()
            .path("iceServers")
            .path(1);
    try (TurnClient client = client(server, "not" + server.path("credential").asText())) {
      StunMessage answer = client.allocate();

      assertThat(answer.first(ErrorCode.class).map(ErrorCode::code)).contains(401);
    }
  }

  private static TurnClient client(JsonNode server, String password) {
    return new TurnClient(RunningServer.get().turn(), server.path("username").asText(), password);
  }

  private static JsonNode allocationOf(String peer) {
    for (JsonNode item : Api.admin().get("/api/v1/allocations?limit=500").json().path("items")) {
      if (item.path("peer").asText().equals(peer)) {
        return item;
      }
    }
    throw new AssertionError("no allocation of " + peer + " is listed");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
