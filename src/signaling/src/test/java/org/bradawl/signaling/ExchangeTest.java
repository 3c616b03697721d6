package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Messages between peers: their order, their acknowledgement, and the bounds on them. */
class ExchangeTest extends ExchangeStory {

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
