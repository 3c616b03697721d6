package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.AdditionalAddressFamily;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.XorRelayedAddress;
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

  /** RFC 6062: each connection with its peer, how far it is, and its bytes. */
  @Test
  void tcpConnectionsAreShownWithTheirBytes() throws IOException {
    JsonNode server = iceServer("streams");
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
        TurnClient control = overTcp(server);
        TurnClient data = overTcp(server)) {
      assertThat(control.allocateTcp().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      StunMessage connected = control.connect((InetSocketAddress) listener.getLocalSocketAddress());
      ConnectionId id = connected.first(ConnectionId.class).orElseThrow();
      try (Socket peer = listener.accept()) {
        assertThat(connection("streams").path("state").asText()).isEqualTo("unbound");
        assertThat(data.bindTo(id).messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        data.socket().getOutputStream().write(new byte[1000]);
        assertThat(peer.getInputStream().readNBytes(1000)).hasSize(1000);
        peer.getOutputStream().write(new byte[300]);
        assertThat(data.socket().getInputStream().readNBytes(300)).hasSize(300);
        JsonNode shown = connection("streams");
        assertThat(shown.path("peer").asText()).isEqualTo("127.0.0.1:" + listener.getLocalPort());
        assertThat(shown.path("state").asText()).isEqualTo("bound");
        assertThat(shown.path("bytesUp").asLong()).isEqualTo(1000);
        assertThat(shown.path("bytesDown").asLong()).isEqualTo(300);
      }
      JsonNode item = find(admin.get(PATH).json(), "streams");
      assertThat(item.path("relays").asText()).isEqualTo("tcp");
      assertThat(item.path("relayedAddresses")).hasSize(1);
    }
  }

  private JsonNode connection(String peer) {
    Api.Answer list = admin.get(PATH + "?limit=500");
    ApiDocument.get().assertDescribes("GET", PATH, list);
    JsonNode item = find(list.json(), peer);
    ApiDocument.get().assertFits("Allocation", item.toString());
    assertThat(item.path("connections")).hasSize(1);
    return item.path("connections").path(0);
  }

  /** RFC 8656 §5: an allocation with a relayed address of each family. */
  @Test
  void bothAddressesOfADualAllocationAreShown() {
    Requires.ipv6Loopback();
    JsonNode server = iceServer("dual");
    try (TurnClient client = client(server)) {
      StunMessage answer = client.allocate(new AdditionalAddressFamily(IpAddress.Family.IPV6));
      List<String> relayed =
          answer.all(XorRelayedAddress.class).stream()
              .map(each -> each.address().toString())
              .toList();
      assertThat(relayed).hasSize(2);
      JsonNode item = find(admin.get(PATH + "?limit=500").json(), "dual");
      assertThat(item.path("relayedAddresses"))
          .extracting(JsonNode::asText)
          .containsExactlyElementsOf(relayed);
      assertThat(item.path("relayed").asText()).isEqualTo(relayed.getFirst());
      assertThat(item.path("relays").asText()).isEqualTo("udp");
      assertThat(item.path("connections")).isEmpty();
      JsonNode all =
          Eventually.get(
              admin, PATH + "?state=all&limit=500", page -> !find(page, "dual").isMissingNode());
      assertThat(find(all, "dual").path("relayedAddresses"))
          .as("in the record too")
          .extracting(JsonNode::asText)
          .containsExactlyElementsOf(relayed);
    }
  }

  private static TurnClient client(JsonNode server) {
    return new TurnClient(
        RunningServer.get().turn(),
        server.path("username").asText(),
        server.path("credential").asText());
  }

  private static TurnClient overTcp(JsonNode server) {
    return TurnClient.overTcp(
        RunningServer.get().turn(),
        server.path("username").asText(),
        server.path("credential").asText());
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
