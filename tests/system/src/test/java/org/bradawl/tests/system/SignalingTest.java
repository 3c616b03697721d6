package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Signaling from the outside: every frame the server sends is held against the schema it publishes.
 */
class SignalingTest {

  private static final String PROTOCOL = "bradawl.v1";
  private static final FrameSchema SCHEMA = FrameSchema.ofRunningServer();

  private final String alice = name("alice");
  private final String bob = name("bob");

  /** The server is shared by all tests, so every test has peers of its own. */
  private static String name(String who) {
    return who + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static String asPeer(String peer) {
    return "token=" + RunningServer.CHAT_KEY + "&peer=" + peer;
  }

  private static WirePeer connect(String query) {
    return WirePeer.connect(query, PROTOCOL, SCHEMA::check);
  }

  private static WirePeer enter(String peer) {
    WirePeer entered = connect(asPeer(peer));
    entered.hear("welcome");
    return entered;
  }

  private static String message(String to, long seq, String data) {
    return "{\"type\":\"message\",\"to\":\"%s\",\"seq\":%d,\"data\":%s}".formatted(to, seq, data);
  }

  @ParameterizedTest
  @CsvSource({
    "token=wrong&peer=x, bradawl.v1, unauthorized 4401",
    "peer=x, bradawl.v1, unauthorized 4401",
    "token=key-of-chat-in-the-system-tests&peer=a%2Fb, bradawl.v1, unsupported 4406",
    "token=key-of-chat-in-the-system-tests&peer=x, '', unsupported 4406",
    "token=key-of-chat-in-the-system-tests&peer=x, graphql-ws, unsupported 4406",
  })
  void tellsWhomItDoesNotLetInWhy(String query, String subprotocol, String goodbye) {
    try (WirePeer peer = WirePeer.connect(query, subprotocol, SCHEMA::check)) {
      assertThat(peer.goodbye()).isEqualTo(goodbye);
    }
  }

  @Test
  void relaysAndConfirms() {
    try (WirePeer a = enter(alice);
        WirePeer b = enter(bob)) {
      a.say(message(bob, 1, "{\"text\":\"Grüße, 世界 😀\",\"from\":\"eve\"}"));
      JsonNode received = b.hear();
      assertThat(received.path("from").asText()).isEqualTo(alice);
      assertThat(received.path("data").path("text").asText()).isEqualTo("Grüße, 世界 😀");
      b.say("{\"type\":\"ack\",\"seq\":1}");
      assertThat(a.hear("delivered").path("seq").asLong()).isEqualTo(1);
      a.say(message(name("nobody"), 2, "1"));
      assertThat(a.hear("failed").path("code").asText()).isEqualTo("peer-unavailable");
    }
  }

  @Test
  void applicationsDoNotMeet() {
    try (WirePeer a = enter(alice);
        WirePeer other = connect("token=" + RunningServer.OTHER_KEY + "&peer=" + bob)) {
      other.hear("welcome");
      a.say(message(bob, 1, "1"));
      assertThat(a.hear("failed").path("code").asText()).isEqualTo("peer-unavailable");
    }
  }

  @Test
  void answersWhatItCannotDo() {
    try (WirePeer a = enter(alice)) {
      a.say("{\"type\":\"leave\",\"room\":\"nowhere\",\"id\":\"1\"}");
      JsonNode answer = a.hear("error");
      assertThat(answer.path("code").asText()).isEqualTo("unknown-room");
      assertThat(answer.path("id").asText()).isEqualTo("1");
      a.say("no JSON");
      assertThat(a.hear("error").path("code").asText()).isEqualTo("bad-frame");
      a.say("{\"type\":\"report\",\"traversal\":{\"peer\":\"x\",\"path\":\"magic\"}}");
      assertThat(a.hear("error").path("code").asText()).isEqualTo("bad-report");
      a.say("{\"type\":\"refresh\"}");
      assertThat(a.hear("ice-servers").path("iceServers").size()).isPositive();
      a.say("{\"type\":\"bye\"}");
      assertThat(a.goodbye()).isEqualTo("bye 1000");
    }
  }

  @Test
  void roomsAndPresenceFollowThePeers() {
    try (WirePeer a = enter(alice);
        WirePeer b = enter(bob)) {
      String room = name("room");
      a.say("{\"type\":\"join\",\"room\":\"" + room + "\"}");
      a.hear("joined");
      a.say("{\"type\":\"watch\",\"peer\":\"" + bob + "\"}");
      assertThat(a.hear("presence").path("online").asBoolean()).isTrue();
      b.say("{\"type\":\"join\",\"room\":\"" + room + "\"}");
      assertThat(b.hear("joined").path("peers").path(0).asText()).isEqualTo(alice);
      assertThat(a.hear("peer-joined").path("peer").asText()).isEqualTo(bob);
      b.vanish();
      assertThat(a.hear("presence").path("away").asBoolean()).isTrue();
      try (WirePeer again = enter(bob)) {
        assertThat(a.hear("peer-left").path("peer").asText()).isEqualTo(bob);
        assertThat(a.hear("presence").path("online").asBoolean()).isFalse();
        assertThat(a.hear("presence").path("online").asBoolean()).isTrue();
        again.say("{\"type\":\"ping\",\"id\":\"here\"}");
        assertThat(again.hear("pong").path("id").asText()).isEqualTo("here");
      }
    }
  }

  @Test
  void aPageThatIsLeftLeavesItsRooms() {
    try (WirePeer a = enter(alice);
        WirePeer b = enter(bob)) {
      String room = name("room");
      a.say("{\"type\":\"join\",\"room\":\"" + room + "\"}");
      a.hear("joined");
      b.say("{\"type\":\"join\",\"room\":\"" + room + "\"}");
      a.hear("peer-joined");
      b.sendClose(1001);
      assertThat(a.hear("peer-left").path("peer").asText()).isEqualTo(bob);
    }
  }

  @Test
  void closesOnFramesThatAreTooLargeOrBinary() {
    try (WirePeer a = enter(alice)) {
      a.say(message(alice, 1, "\"" + "x".repeat(70_000) + "\""));
      assertThat(a.goodbye()).isEqualTo("frame-too-large 1009");
    }
    try (WirePeer b = enter(bob)) {
      b.sendBinary(new byte[] {1, 2, 3});
      assertThat(b.goodbye()).isEqualTo("binary-frame 1003");
    }
  }

  @Test
  void doesNotBufferAFrameWithoutEnd() {
    try (WirePeer a = enter(alice)) {
      // Far beyond what may be assembled: the server gives up before it has all of it.
      String end;
      try {
        a.say("\"" + "x".repeat(20_000_000) + "\"");
        end = a.goodbye();
      } catch (UncheckedIOException broken) {
        end = "connection broken";
      }
      assertThat(end).isNotEqualTo("bye 1000");
    }
    try (WirePeer b = enter(bob)) {
      b.say("{\"type\":\"ping\"}");
      assertThat(b.hear("pong").path("time").asText()).isNotEmpty();
    }
  }

  @Test
  void theNewcomerTakesTheName() {
    try (WirePeer older = enter(alice);
        WirePeer newer = enter(alice)) {
      assertThat(older.goodbye()).isEqualTo("replaced 4409");
      newer.say("{\"type\":\"ping\"}");
      newer.hear("pong");
    }
  }

  @Test
  void limitsTheRateAndEndsWhoFloods() {
    try (WirePeer a = enter(alice)) {
      List<String> answers = new ArrayList<>();
      // Windows, each in one piece, so that nothing is on its way to a socket that the server has
      // closed: that would be a reset.
      for (int window = 0; window < 400 && !answers.contains("4429"); window++) {
        a.say("{\"type\":\"ping\"}", 50);
        for (int i = 0; i < 50 && !answers.contains("4429"); i++) {
          JsonNode answer = a.hear();
          answers.add(answer.path(answer.has("code") ? "code" : "type").asText());
        }
      }
      assertThat(answers.subList(0, 400)).containsOnly("pong");
      assertThat(answers).contains("rate-limited").endsWith("4429");
    }
  }

  @Test
  void dropsWhoDoesNotReadAndKeepsItsPlace() {
    try (WirePeer a = enter(alice);
        WirePeer slow = WirePeer.connect(asPeer(bob), PROTOCOL, 4_096, SCHEMA::check)) {
      String secret = slow.hear("welcome").path("resume").asText();
      a.say("{\"type\":\"watch\",\"peer\":\"" + bob + "\"}");
      a.hear("presence");
      String large = "\"" + "x".repeat(60_000) + "\"";
      boolean away = false;
      // It acknowledges without reading, so that its queue never fills and only its socket does.
      for (int seq = 1; !away; seq++) {
        assertThat(seq).as("messages that nobody read").isLessThan(390);
        a.say(message(bob, seq, large));
        a.say("{\"type\":\"ping\"}");
        away = becameAway(a, "pong");
        if (!away) {
          slow.say("{\"type\":\"ack\",\"seq\":" + seq + "}");
          away = becameAway(a, "delivered");
        }
      }
      assertThat(slow.goodbye()).isEqualTo("slow-consumer 4413");
      try (WirePeer back = connect(asPeer(bob) + "&received=0&resume=" + secret)) {
        assertThat(back.hear("welcome").path("resumed").asBoolean()).isTrue();
      }
    }
  }

  /**
   * Its close frame meets the server's writing, which goes on as soon as it reads: two threads of
   * the container must not wait for each other. Without care one of about twenty did.
   */
  @Test
  void whoLeavesWhileMuchIsWrittenToItHoldsNobodyUp() {
    List<Thread> leaving = new ArrayList<>();
    List<String> ends = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      leaving.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < 6; round++) {
                  ends.add(leaveWhileReading(name("leaving")));
                }
              }));
    }
    for (Thread thread : leaving) {
      assertThatNoException().isThrownBy(thread::join);
    }
    assertThat(ends).hasSize(24).doesNotContain("nothing more");
  }

  private static String leaveWhileReading(String peer) {
    try (WirePeer leaving = WirePeer.connect(asPeer(peer), PROTOCOL, 4_096, _ -> {})) {
      leaving.hear("welcome");
      String large = "\"" + "x".repeat(50_000) + "\"";
      for (int seq = 1; seq <= 80; seq++) {
        leaving.say(message(peer, seq, large));
        leaving.say("{\"type\":\"ack\",\"seq\":" + seq + "}");
      }
      Thread goodbye = Thread.ofPlatform().start(() -> leaving.sendClose(1000));
      String end = leaving.goodbye();
      goodbye.join();
      return end;
    } catch (UncheckedIOException e) {
      return "nothing more";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads until a frame of this type, or until the watched peer is away. */
  private static boolean becameAway(WirePeer watcher, String type) {
    while (true) {
      JsonNode frame = watcher.hear();
      if (frame.path("type").asText().equals("presence")) {
        assertThat(frame.path("away").asBoolean()).isTrue();
        return true;
      }
      if (frame.path("type").asText().equals(type)) {
        return false;
      }
    }
  }

  /** Both ends lose their connections in the middle, over and over. */
  @Test
  void losesAndDoublesNothingOverBreakingConnections() {
    int count = 300;
    Random random = new Random(7);
    Resumer a = new Resumer(alice);
    Resumer b = new Resumer(bob);
    long sent = 0;
    while (b.received < count) {
      while (sent < count && random.nextInt(4) > 0) {
        sent++;
        a.offer(bob, sent);
      }
      if (random.nextInt(3) == 0) {
        a.resume();
      }
      if (random.nextInt(3) == 0) {
        b.resume();
      }
      b.readUpTo(Math.min(sent, b.received + 1 + random.nextInt(8)));
    }
    assertThat(b.got).isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
    b.acknowledge();
    a.awaitDelivered(count);
    a.wire.close();
    b.wire.close();
  }

  /** A client that comes back. */
  private static final class Resumer {
    private final String peer;
    private final List<String> kept = new ArrayList<>();
    private final List<Long> got = new ArrayList<>();
    private WirePeer wire;
    private String secret;
    private long received;
    private long delivered;

    Resumer(String peer) {
      this.peer = peer;
      this.wire = connect(asPeer(peer));
      this.secret = wire.hear("welcome").path("resume").asText();
    }

    void offer(String to, long seq) {
      String frame = message(to, seq, Long.toString(seq));
      kept.add(frame);
      wire.say(frame);
    }

    void resume() {
      wire.vanish();
      wire = connect(asPeer(peer) + "&resume=" + secret + "&received=" + received);
      JsonNode welcome = wire.hear("welcome");
      assertThat(welcome.path("resumed").asBoolean()).isTrue();
      secret = welcome.path("resume").asText();
      int taken = welcome.path("received").asInt();
      kept.subList(taken, kept.size()).forEach(wire::say);
    }

    void readUpTo(long seq) {
      while (received < seq) {
        JsonNode frame = wire.hear("message");
        if (frame.path("seq").asLong() > received) {
          assertThat(frame.path("seq").asLong()).isEqualTo(received + 1);
          received++;
          got.add(frame.path("data").asLong());
        }
      }
    }

    void acknowledge() {
      wire.say("{\"type\":\"ack\",\"seq\":" + received + "}");
    }

    void awaitDelivered(long seq) {
      while (delivered < seq) {
        delivered = wire.hear("delivered").path("seq").asLong();
      }
    }
  }
}
