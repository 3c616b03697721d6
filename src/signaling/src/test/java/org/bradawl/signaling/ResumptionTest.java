package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Connections that come and go while a peer stays, and peers that go for good. */
class ResumptionTest extends ExchangeStory {

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
}
