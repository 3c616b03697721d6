package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExchangeTest {

  private static final Limits LIMITS =
      new Limits(
          4_096,
          10,
          50,
          2,
          3,
          2,
          4,
          8_192,
          20_000,
          8,
          6,
          Duration.ofSeconds(25),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(2));

  private static final IceServers ICE =
      new IceServers("[{\"urls\":[\"stun:192.0.2.1:3478\"]}]", 3_600);

  private final List<String> heard = new ArrayList<>();
  private long now = -5_000_000_000L;

  private final SessionListener listener =
      new SessionListener() {
        @Override
        public void started(String peer, String session) {
          heard.add(peer + " started");
        }

        @Override
        public void ended(String peer, String session, String reason) {
          heard.add(peer + " ended " + reason);
        }
      };

  private final Exchange exchange =
      new Exchange(LIMITS, new Random(1), () -> Instant.parse("2026-01-01T00:00:00Z"), listener);

  /** A client's end: its link, its place, and the last resume secret. */
  private final class Client {
    private final String peer;
    private TestLink link = new TestLink();
    private Optional<Attachment> place = Optional.empty();
    private String secret = "";
    private long seq;

    Client(String peer) {
      this.peer = peer;
    }

    JsonNode connect() {
      return connect(Optional.empty());
    }

    JsonNode resume(long received) {
      return connect(Optional.of(new Resumption(secret, received)));
    }

    private JsonNode connect(Optional<Resumption> resumption) {
      link = new TestLink();
      place = exchange.connect(link, peer, resumption, ICE, now);
      JsonNode first = TestLink.parse(link.take().getFirst());
      secret = first.path("resume").asText();
      return first;
    }

    /** As {@link #connect}, keeping what came after the welcome. */
    List<String> resumeAndTake(long received) {
      link = new TestLink();
      place = exchange.connect(link, peer, Optional.of(new Resumption(secret, received)), ICE, now);
      List<String> frames = link.take();
      secret = TestLink.parse(frames.getFirst()).path("resume").asText();
      return frames.subList(1, frames.size());
    }

    Followup says(String frame) {
      return exchange.receive(place.orElseThrow(), FrameScanner.scan(frame), now);
    }

    void offers(String to) {
      seq++;
      says(
          "{\"type\":\"offer\",\"to\":\"%s\",\"seq\":%d,\"data\":{\"n\":%d}}"
              .formatted(to, seq, seq));
    }

    void acknowledges(long upTo) {
      says("{\"type\":\"ack\",\"seq\":%d}".formatted(upTo));
    }

    void losesConnection() {
      exchange.lost(place.orElseThrow(), now);
    }

    String code() {
      return link.takeOne().path("code").asText();
    }
  }

  private final Client alice = new Client("alice");
  private final Client bob = new Client("bob");

  private void pass(Duration time) {
    long end = now + time.toNanos();
    while (now - end < 0) {
      now += Math.min(end - now, 1_000_000_000L);
      exchange.advance(now);
    }
  }

  @Test
  void welcomes() {
    JsonNode welcome = alice.connect();
    assertThat(welcome.path("type").asText()).isEqualTo("welcome");
    assertThat(welcome.path("peer").asText()).isEqualTo("alice");
    assertThat(welcome.path("resumed").asBoolean()).isFalse();
    assertThat(welcome.path("received").asLong()).isZero();
    assertThat(welcome.path("time").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(welcome.path("iceServers").get(0).path("urls").get(0).asText())
        .isEqualTo("stun:192.0.2.1:3478");
    assertThat(welcome.path("limits").path("queue").asInt()).isEqualTo(4);
    assertThat(heard).containsExactly("alice started");
  }

  @Test
  void relaysWithTheSenderPutInAndTheClientsNumbersTakenOut() {
    alice.connect();
    bob.connect();
    alice.says(
        "{\"type\":\"answer\",\"from\":\"eve\",\"to\":\"bob\",\"seq\":1,\"ack\":0,\"id\":\"k\",\"extra\":1,\"data\":[1]}");
    assertThat(bob.link.take())
        .containsExactly(
            "{\"type\":\"answer\",\"from\":\"alice\",\"seq\":1,\"id\":\"k\",\"data\":[1]}");
    assertThat(alice.link.take()).isEmpty();
  }

  @Test
  void confirmsOnlyWhatTheReceiverAcknowledged() {
    alice.connect();
    bob.connect();
    alice.offers("bob");
    alice.offers("bob");
    alice.offers("bob");
    assertThat(alice.link.take()).isEmpty();
    bob.acknowledges(2);
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"delivered\",\"to\":\"bob\",\"seq\":2}");
    bob.acknowledges(2);
    assertThat(alice.link.take()).isEmpty();
    bob.says("{\"type\":\"message\",\"to\":\"alice\",\"seq\":1,\"ack\":3,\"data\":0}");
    assertThat(alice.link.take())
        .containsExactly(
            "{\"type\":\"delivered\",\"to\":\"bob\",\"seq\":3}",
            "{\"type\":\"message\",\"from\":\"bob\",\"seq\":1,\"data\":0}");
  }

  @Test
  void takesEachNumberOnceAndInOrder() {
    alice.connect();
    bob.connect();
    alice.offers("bob");
    alice.says("{\"type\":\"offer\",\"to\":\"bob\",\"seq\":1,\"data\":1}");
    assertThat(bob.link.take()).hasSize(1);
    alice.says("{\"type\":\"offer\",\"to\":\"bob\",\"seq\":3,\"data\":1}");
    assertThat(alice.code()).isEqualTo("sequence-gap");
    alice.offers("bob");
    assertThat(bob.link.take()).hasSize(1);
    assertThat(exchange.statistics().duplicates()).isEqualTo(1);
  }

  @Test
  void anUnreadableMessageUsesItsNumberUp() {
    alice.connect();
    bob.connect();
    alice.says("{\"type\":\"offer\",\"to\":\"b/b\",\"seq\":1,\"id\":\"x\",\"data\":1}");
    assertThat(alice.link.takeOne())
        .isEqualTo(
            TestLink.parse(
                "{\"type\":\"error\",\"code\":\"bad-name\",\"message\":\"to must be 1 to 64 characters of"
                    + " A-Z a-z 0-9 . _ ~ @ : -\",\"seq\":1,\"id\":\"x\"}"));
    alice.says("{\"type\":\"offer\",\"to\":\"bob\",\"seq\":2,\"data\":1}");
    assertThat(bob.link.take()).hasSize(1);
    alice.says("{\"type\":\"offer\",\"to\":\"b/b\",\"seq\":9,\"data\":1}");
    assertThat(alice.link.takeOne().has("seq")).isFalse();
  }

  @Test
  void failsWhatCannotBeDelivered() {
    alice.connect();
    alice.offers("nobody");
    assertThat(alice.link.take())
        .containsExactly(
            "{\"type\":\"failed\",\"to\":\"nobody\",\"seq\":1,\"ack\":1,\"code\":\"peer-unavailable\",\"message\":"
                + "\"the peer is not connected, or left before it acknowledged\"}");
  }

  @Test
  void boundsTheQueueByCountAndBySize() {
    alice.connect();
    bob.connect();
    for (int i = 0; i < 5; i++) {
      alice.offers("bob");
    }
    assertThat(bob.link.take()).hasSize(4);
    assertThat(alice.code()).isEqualTo("queue-full");
    bob.acknowledges(4);
    alice.link.take();
    String large =
        "{\"type\":\"offer\",\"to\":\"bob\",\"seq\":%d,\"data\":\"" + "x".repeat(3_900) + "\"}";
    alice.says(large.formatted(6));
    alice.says(large.formatted(7));
    assertThat(bob.link.take()).hasSize(2);
    assertThat(alice.link.take()).isEmpty();
    alice.says(large.formatted(8));
    assertThat(alice.code()).isEqualTo("queue-full");
  }

  @Test
  void boundsWhatIsKeptForAllTogether() {
    alice.connect();
    for (String name : List.of("a", "b", "c")) {
      new Client(name).connect();
    }
    String large =
        "{\"type\":\"offer\",\"to\":\"%s\",\"seq\":%d,\"data\":\"" + "x".repeat(3_900) + "\"}";
    alice.says(large.formatted("a", 1));
    alice.says(large.formatted("a", 2));
    alice.says(large.formatted("b", 3));
    alice.says(large.formatted("b", 4));
    alice.says(large.formatted("c", 5));
    assertThat(alice.link.take()).isEmpty();
    alice.says(large.formatted("c", 6));
    assertThat(alice.code()).isEqualTo("queue-full");
    assertThat(exchange.statistics().keptChars()).isLessThanOrEqualTo(LIMITS.totalChars());
  }

  @Test
  void resumesWithoutLossOrRepetition() {
    alice.connect();
    bob.connect();
    alice.offers("bob");
    alice.offers("bob");
    bob.link.take();
    bob.losesConnection();
    alice.offers("bob");
    assertThat(bob.resumeAndTake(1))
        .containsExactly(
            "{\"type\":\"offer\",\"from\":\"alice\",\"seq\":2,\"data\":{\"n\":2}}",
            "{\"type\":\"offer\",\"from\":\"alice\",\"seq\":3,\"data\":{\"n\":3}}");
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"delivered\",\"to\":\"bob\",\"seq\":1}");
    alice.losesConnection();
    bob.acknowledges(3);
    assertThat(alice.resumeAndTake(0))
        .containsExactly("{\"type\":\"delivered\",\"to\":\"bob\",\"seq\":3}");
    assertThat(alice.place.orElseThrow().session().received()).isEqualTo(3);
    assertThat(heard).containsExactly("alice started", "bob started");
  }

  @Test
  void tellsAResumingClientHowThingsAre() {
    alice.connect();
    bob.connect();
    Client carol = new Client("carol");
    carol.connect();
    alice.says("{\"type\":\"join\",\"room\":\"r\"}");
    bob.says("{\"type\":\"join\",\"room\":\"r\"}");
    alice.says("{\"type\":\"watch\",\"peer\":\"carol\"}");
    alice.losesConnection();
    bob.says("{\"type\":\"leave\",\"room\":\"r\"}");
    carol.says("{\"type\":\"join\",\"room\":\"r\"}");
    carol.losesConnection();
    assertThat(alice.resumeAndTake(0))
        .containsExactly(
            "{\"type\":\"joined\",\"room\":\"r\",\"peers\":[\"carol\"]}",
            "{\"type\":\"presence\",\"peer\":\"carol\",\"online\":true,\"away\":true}");
  }

  @Test
  void resumesOntoANewConnectionWhileTheOldOneStands() {
    alice.connect();
    bob.connect();
    Attachment older = bob.place.orElseThrow();
    TestLink olderLink = bob.link;
    assertThat(bob.resume(0).path("resumed").asBoolean()).isTrue();
    assertThat(olderLink.closed()).contains(Closing.RESUMED_ELSEWHERE);
    assertThat(olderLink.takeOne().path("reason").asText()).isEqualTo("resumed-elsewhere");
    exchange.receive(older, FrameScanner.scan("{\"type\":\"bye\"}"), now);
    exchange.lost(older, now);
    alice.offers("bob");
    assertThat(bob.link.take()).hasSize(1);
  }

  @Test
  void aSecretIsGoodUntilTheNextOneIsKnownToHaveArrived() {
    bob.connect();
    String first = bob.secret;
    bob.losesConnection();
    assertThat(bob.resume(0).path("resumed").asBoolean()).isTrue();
    bob.secret = first;
    assertThat(bob.resume(0).path("resumed").asBoolean()).as("that welcome was lost").isTrue();
    assertThat(bob.secret).isNotEqualTo(first);
    bob.says("{\"type\":\"ping\"}");
    bob.secret = first;
    assertThat(bob.resume(0).path("resumed").asBoolean()).isFalse();
  }

  @Test
  void nobodyResumesAheadOfTheServer() {
    bob.connect();
    assertThat(bob.resume(1).path("resumed").asBoolean()).isFalse();
  }

  @Test
  void aNewcomerWithoutTheSecretTakesTheNameOver() {
    alice.connect();
    bob.connect();
    alice.says("{\"type\":\"watch\",\"peer\":\"bob\"}");
    alice.offers("bob");
    alice.link.take();
    TestLink older = bob.link;
    older.take();
    assertThat(bob.connect().path("resumed").asBoolean()).isFalse();
    assertThat(older.closed()).contains(Closing.REPLACED);
    assertThat(older.takeOne().path("code").asInt()).isEqualTo(4409);
    assertThat(alice.link.take())
        .containsExactly(
            "{\"type\":\"presence\",\"peer\":\"bob\",\"online\":false,\"away\":false}",
            "{\"type\":\"failed\",\"to\":\"bob\",\"seq\":1,\"ack\":1,\"code\":\"peer-unavailable\",\"message\":"
                + "\"the peer is not connected, or left before it acknowledged\"}",
            "{\"type\":\"presence\",\"peer\":\"bob\",\"online\":true,\"away\":false}");
    assertThat(heard)
        .containsExactly("alice started", "bob started", "bob ended replaced", "bob started");
  }

  @Test
  void keepsAPlaceForTwoMinutesAndNoLonger() {
    alice.connect();
    bob.connect();
    alice.says("{\"type\":\"watch\",\"peer\":\"bob\",\"id\":\"w\"}");
    assertThat(alice.link.take())
        .containsExactly(
            "{\"type\":\"presence\",\"peer\":\"bob\",\"online\":true,\"away\":false,\"id\":\"w\"}");
    bob.losesConnection();
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"presence\",\"peer\":\"bob\",\"online\":true,\"away\":true}");
    alice.offers("bob");
    for (int i = 0; i < 119; i++) {
      pass(Duration.ofSeconds(1));
      alice.says("{\"type\":\"ping\"}");
    }
    alice.link.take();
    pass(Duration.ofMillis(999));
    assertThat(alice.link.take()).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(alice.link.take())
        .hasSize(2)
        .first()
        .isEqualTo("{\"type\":\"presence\",\"peer\":\"bob\",\"online\":false,\"away\":false}");
    assertThat(bob.resume(0).path("resumed").asBoolean()).isFalse();
    assertThat(heard).contains("bob ended expired");
  }

  @Test
  void dropsTheSilentAndLetsThemResume() {
    alice.connect();
    pass(Duration.ofSeconds(59));
    assertThat(alice.link.closed()).isEmpty();
    pass(Duration.ofSeconds(8));
    assertThat(alice.link.closed()).contains(Closing.SILENT);
    assertThat(alice.resume(0).path("resumed").asBoolean()).isTrue();
  }

  @Test
  void dropsWhoDoesNotAcknowledge() {
    alice.connect();
    bob.connect();
    alice.offers("bob");
    for (int i = 0; i < 67; i++) {
      pass(Duration.ofSeconds(1));
      alice.says("{\"type\":\"ping\"}");
      bob.says("{\"type\":\"ping\"}");
      if (bob.link.closed().isPresent()) {
        break;
      }
    }
    assertThat(bob.link.closed()).contains(Closing.SLOW_CONSUMER);
    assertThat(alice.link.closed()).isEmpty();
    assertThat(bob.resumeAndTake(0)).hasSize(1);
  }

  @Test
  void limitsTheRate() {
    alice.connect();
    bob.connect();
    for (int i = 0; i < 51; i++) {
      alice.offers("bob");
      bob.acknowledges(i + 1);
    }
    List<String> frames = alice.link.take();
    assertThat(frames.getLast()).contains("\"code\":\"rate-limited\"", "\"seq\":51");
    alice.says("{\"type\":\"ping\"}");
    assertThat(alice.code()).isEqualTo("rate-limited");
    pass(Duration.ofMillis(200));
    alice.offers("bob");
    assertThat(alice.link.take()).isEmpty();
  }

  @Test
  void endsWhoFloods() {
    alice.connect();
    for (int i = 0; i < 50 + 51; i++) {
      assertThat(alice.link.closed()).as("frame %d", i).isEmpty();
      alice.says("{\"type\":\"ping\"}");
    }
    assertThat(alice.link.closed()).contains(Closing.FLOODING);
    assertThat(heard).contains("alice ended flooding");
  }

  @Test
  void acknowledgementsThatSayNothingNewCountAgainstTheRate() {
    alice.connect();
    for (int i = 0; i < 51; i++) {
      alice.acknowledges(0);
    }
    assertThat(alice.code()).isEqualTo("rate-limited");
  }

  @Test
  void refusesToBeToldOfWhatWasNeverSent() {
    alice.connect();
    alice.acknowledges(1);
    assertThat(alice.code()).isEqualTo("bad-ack");
  }

  @Test
  void endsWhoLeavesTooManyFailuresUnacknowledged() {
    alice.connect();
    for (int i = 0; i < 8; i++) {
      alice.offers("nobody");
    }
    assertThat(alice.link.closed()).isEmpty();
    alice.offers("nobody");
    assertThat(alice.link.closed()).contains(Closing.OVERRUN);
    assertThat(exchange.statistics().keptChars()).isZero();
  }

  @Test
  void roomsTellOfComingAndGoing() {
    alice.connect();
    bob.connect();
    alice.says("{\"type\":\"join\",\"room\":\"r\",\"id\":\"1\"}");
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"joined\",\"room\":\"r\",\"peers\":[],\"id\":\"1\"}");
    bob.says("{\"type\":\"join\",\"room\":\"r\"}");
    assertThat(bob.link.take())
        .containsExactly("{\"type\":\"joined\",\"room\":\"r\",\"peers\":[\"alice\"]}");
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"peer-joined\",\"room\":\"r\",\"peer\":\"bob\"}");
    bob.says("{\"type\":\"leave\",\"room\":\"r\"}");
    assertThat(bob.link.take()).containsExactly("{\"type\":\"left\",\"room\":\"r\"}");
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"peer-left\",\"room\":\"r\",\"peer\":\"bob\"}");
    bob.says("{\"type\":\"leave\",\"room\":\"r\",\"id\":\"2\"}");
    assertThat(bob.link.take())
        .containsExactly(
            "{\"type\":\"error\",\"code\":\"unknown-room\",\"message\":\"you are not in the room r\",\"id\":\"2\"}");
    alice.says("{\"type\":\"bye\"}");
    assertThat(alice.link.closed()).contains(Closing.BYE);
    assertThat(exchange.statistics().rooms()).isZero();
  }

  @Test
  void aClientThatIsGoneForGoodIsNotWaitedFor() {
    alice.connect();
    bob.connect();
    alice.says("{\"type\":\"join\",\"room\":\"r\"}");
    bob.says("{\"type\":\"join\",\"room\":\"r\"}");
    bob.link.take();
    exchange.left(alice.place.orElseThrow(), now);
    assertThat(bob.link.take()).singleElement().asString().contains("peer-left", "alice");
    assertThat(exchange.peer("alice")).isEmpty();
  }

  @Test
  void roomsAreBounded() {
    alice.connect();
    for (String room : List.of("a", "b", "c")) {
      alice.says("{\"type\":\"join\",\"room\":\"%s\"}".formatted(room));
    }
    assertThat(alice.link.take().getLast()).contains("too-many-rooms");
    for (int i = 0; i < 3; i++) {
      Client client = new Client("c" + i);
      client.connect();
      client.says("{\"type\":\"join\",\"room\":\"a\"}");
      String answer = client.link.take().getFirst();
      assertThat(answer).contains(i < 2 ? "\"joined\"" : "room-full");
    }
  }

  @Test
  void watchesAreBoundedAndEnd() {
    alice.connect();
    for (String peer : List.of("a", "b", "c")) {
      alice.says("{\"type\":\"watch\",\"peer\":\"%s\"}".formatted(peer));
    }
    assertThat(alice.link.take().getLast()).contains("too-many-watches");
    alice.says("{\"type\":\"unwatch\",\"peer\":\"a\"}");
    alice.says("{\"type\":\"unwatch\",\"peer\":\"a\"}");
    assertThat(alice.link.take())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("{\"type\":\"unwatched\",\"peer\":\"a\"}"),
            second -> assertThat(second).contains("unknown-watch"));
    new Client("a").connect();
    assertThat(alice.link.take()).isEmpty();
  }

  @Test
  void handsTheShellWhatTheShellMustDo() {
    alice.connect();
    assertThat(alice.says("{\"type\":\"refresh\",\"id\":\"i\"}"))
        .isEqualTo(new Followup.MintIceServers(Optional.of("\"i\"")));
    exchange.answer(alice.place.orElseThrow(), ServerFrames.iceServers(ICE, Optional.of("\"i\"")));
    assertThat(alice.link.takeOne().path("type").asText()).isEqualTo("ice-servers");
    Followup report = alice.says("{\"type\":\"report\",\"traversal\":{\"peer\":\"bob\"}}");
    assertThat(((Followup.TakeReport) report).traversal().text()).isEqualTo("{\"peer\":\"bob\"}");
    exchange.answer(alice.place.orElseThrow(), ServerFrames.reported(Optional.empty()));
    assertThat(alice.link.takeOne().path("type").asText()).isEqualTo("reported");
    alice.losesConnection();
    exchange.answer(alice.place.orElseThrow(), ServerFrames.reported(Optional.empty()));
    assertThat(alice.link.take()).isEmpty();
  }

  @Test
  void boundsThePeers() {
    for (int i = 0; i < 6; i++) {
      new Client("p" + i).connect();
    }
    Client late = new Client("late");
    assertThat(late.connect().path("reason").asText()).isEqualTo("too-many-peers");
    assertThat(late.place).isEmpty();
    assertThat(late.link.closed()).contains(Closing.TOO_MANY_PEERS);
  }

  @Test
  void tellsEverybodyWhenTheServerStops() {
    alice.connect();
    bob.connect();
    bob.losesConnection();
    exchange.shutDown(now);
    assertThat(alice.link.closed()).contains(Closing.SHUTDOWN);
    assertThat(alice.link.takeOne().path("retryAfter").asInt()).isPositive();
    assertThat(exchange.empty()).isTrue();
    assertThat(heard).contains("alice ended shutdown", "bob ended shutdown");
    Client late = new Client("late");
    late.connect();
    assertThat(late.link.closed()).contains(Closing.SHUTDOWN);
  }

  @Test
  void showsWhoIsHere() {
    alice.connect();
    bob.connect();
    alice.says("{\"type\":\"join\",\"room\":\"r\"}");
    bob.losesConnection();
    alice.offers("bob");
    assertThat(exchange.peers())
        .extracting(PeerView::peer)
        .containsExactlyInAnyOrder("alice", "bob");
    PeerView view = exchange.peer("bob").orElseThrow();
    assertThat(view.away()).isTrue();
    assertThat(view.queued()).isEqualTo(1);
    assertThat(exchange.peer("alice").orElseThrow().rooms()).containsExactly("r");
    assertThat(exchange.peer("eve")).isEmpty();
  }

  @Test
  void everyReasonToCloseIsInTheSchema() {
    for (Closing closing : Closing.values()) {
      FrameSchema.OF_SERVER.check(ServerFrames.closing(closing));
    }
    for (ErrorCode code : ErrorCode.values()) {
      FrameSchema.OF_SERVER.check(ServerFrames.error(code, "why", Optional.empty()));
    }
    for (FailureCode code : FailureCode.values()) {
      FrameSchema.OF_SERVER.check(ServerFrames.failed("bob", 1, 2, code));
    }
  }
}
