package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentSettings;
import org.bradawl.agent.server.ServerAddress;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.attribute.IceControlling;
import org.bradawl.stun.attribute.Priority;
import org.bradawl.stun.attribute.UseCandidate;
import org.bradawl.stun.attribute.Username;
import org.bradawl.traversal.frame.Wishes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A peer that says what no honest one would, over a bare socket: to the server, to another scripted
 * peer through it, and to a real agent. A bystander counts what reaches it.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class HostilePeersTest {

  private static final FrameSchema SCHEMA = FrameSchema.ofRunningServer();

  /** A plan of the tests lasts some seconds; within this the first steps have all begun. */
  private static final int QUIET_MILLIS = 2_500;

  private final NativePeer mallory = enter("mallory");
  private final Canary canary;

  HostilePeersTest() throws IOException {
    canary = new Canary();
  }

  private static NativePeer enter(String who) {
    return NativePeer.enter(
        who + "-" + UUID.randomUUID().toString().substring(0, 8), SCHEMA::check);
  }

  @BeforeEach
  void introduce() {
    mallory.introduce("192.168.1.1");
  }

  @AfterEach
  void leave() throws IOException {
    mallory.close();
    canary.close();
  }

  /** Claims the bystander's endpoint wherever a frame has room for one. */
  private void claimTheCanary() {
    mallory.say(
        "{\"type\":\"host\",\"hosts\":[\"%1$s\"],\"gateway\":\"192.168.1.1\",\"portMapped\":\"%1$s\"}"
            .formatted(canary.endpoint()));
    mallory.hear("observed");
    JsonNode taken = mallory.report("none", "none", canary.endpoint());
    assertThat(taken.path("standing").asText()).isEqualTo("doubted");
  }

  private void readyWithTheCanary(String traversal, JsonNode plan) {
    for (JsonNode step : plan.path("steps")) {
      mallory.say(
          """
          {"type":"ready","traversal":"%s","step":%d,"endpoints":["%s"],\
          "range":{"lowest":"%s:1","size":65535}}\
          """
              .formatted(
                  traversal, step.path("number").asInt(), canary.endpoint(), Canary.ADDRESS));
    }
  }

  @Test
  void noFrameTakesAnAddressAcrossThatThePeerWasNotSeenAt() {
    claimTheCanary();
    try (NativePeer bob = enter("bob")) {
      bob.introduce("192.168.2.1");
      mallory.connect(bob.name());
      JsonNode invited = bob.hear("invited");
      String id = invited.path("traversal").asText();
      bob.accept(id);
      JsonNode plan = bob.hear("plan");
      assertThat(plan.toString()).doesNotContain(Canary.ADDRESS);
      readyWithTheCanary(id, mallory.hear("plan"));
      for (JsonNode step : plan.path("steps")) {
        bob.say(
            "{\"type\":\"ready\",\"traversal\":\"%s\",\"step\":%d,\"endpoints\":[\"%s\"]}"
                .formatted(id, step.path("number").asInt(), bob.endpoint()));
      }
      mallory.say("{\"type\":\"cancel\",\"traversal\":\"%s\",\"why\":\"enough\"}".formatted(id));
      JsonNode frame = bob.hear("go");
      int goes = 0;
      while (!frame.path("type").asText().equals("ended")) {
        assertThat(frame.toString()).doesNotContain(Canary.ADDRESS);
        goes++;
        frame = bob.hearAny();
      }
      assertThat(goes).isPositive();
    }
  }

  @Test
  void anAgentWritesToNobodyElse() throws Exception {
    claimTheCanary();
    String name = "agent-" + UUID.randomUUID().toString().substring(0, 8);
    try (Agent agent = agent(name)) {
      agent.listen(_ -> true, (_, _, _) -> {});
      String id = connected(name);
      JsonNode plan = mallory.hear("plan");
      assertThat(plan.path("traversal").asText()).isEqualTo(id);
      readyWithTheCanary(id, plan);
      assertThat(canary.touchedWithin(QUIET_MILLIS)).isZero();
      InetSocketAddress main = endpoint(plan.path("peer").path("udp").asText());
      assertThat(forge(main, plan.path("ice").path("ufrag").asText())).isZero();
    }
  }

  private static Agent agent(String name) throws Exception {
    return Agent.start(
        new AgentSettings(
            new ServerAddress.Web(RunningServer.get().address()),
            RunningServer.CHAT_KEY,
            name,
            Wishes.none(),
            false),
        _ -> {});
  }

  /** Asks until the agent is there to be asked. */
  private String connected(String name) {
    for (int i = 0; i < 10; i++) {
      mallory.connect(name);
      JsonNode answer = mallory.hearAny();
      while (!answer.path("type").asText().startsWith("connect")) {
        answer = mallory.hearAny();
      }
      if (answer.path("type").asText().equals("connecting")) {
        return answer.path("traversal").asText();
      }
    }
    throw new AssertionError("the agent never came");
  }

  private static InetSocketAddress endpoint(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        InetAddress.ofLiteral(text.substring(0, colon)),
        Integer.parseInt(text.substring(colon + 1)));
  }

  /** Checks without a signature, and with one of somebody who guesses: how many are answered. */
  private static int forge(InetSocketAddress agent, String fragment) throws IOException {
    int answers = 0;
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.5"))) {
      Encoder guessed =
          Encoder.PLAIN
              .signed(IntegrityAlgorithm.SHA1, IntegrityKey.shortTerm("guessed-guessed-guessed-"))
              .fingerprinted();
      for (int i = 0; i < 200; i++) {
        StunMessage check =
            StunMessage.request(Method.Known.BINDING, new TransactionId(i, i))
                .add(new Username(fragment + ":mallory"))
                .add(new Priority(1))
                .add(new IceControlling(-1))
                .add(new UseCandidate())
                .build();
        ByteBuffer bytes = (i % 2 == 0 ? guessed : Encoder.PLAIN).encode(check);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        socket.send(new DatagramPacket(copy, copy.length, agent));
      }
      socket.setSoTimeout(500);
      while (answers < 200) {
        socket.receive(new DatagramPacket(new byte[2_048], 2_048));
        answers++;
      }
    } catch (SocketTimeoutException e) {
      // Nobody has anything to say to that.
    }
    return answers;
  }

  @Test
  void aFloodOfConnectsReachesNobodyAndHindersNobody() {
    try (NativePeer bob = enter("bob");
        NativePeer carol = enter("carol");
        NativePeer dave = enter("dave")) {
      for (NativePeer peer : List.of(bob, carol, dave)) {
        peer.introduce("192.168.2.1");
      }
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        mallory.connect(bob.name());
        JsonNode answer = mallory.hearAny();
        while (!answer.path("type").asText().startsWith("connect")) {
          answer = mallory.hearAny();
        }
        answers.add(answer.path("code").asText("connecting"));
      }
      assertThat(answers).filteredOn("connecting"::equals).hasSize(1);
      assertThat(answers).filteredOn("rate-limited"::equals).hasSizeGreaterThan(40);
      bob.hear("invited");
      carol.connect(dave.name());
      assertThat(dave.hear("invited").path("peer").asText()).isEqualTo(carol.name());
      bob.say("{\"type\":\"ping\",\"id\":\"p\"}");
      JsonNode next = bob.hearAny();
      while (!next.path("type").asText().equals("pong")) {
        assertThat(next.path("type").asText()).isNotEqualTo("invited");
        next = bob.hearAny();
      }
    }
  }
}
