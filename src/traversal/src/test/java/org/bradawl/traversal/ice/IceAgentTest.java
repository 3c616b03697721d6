package org.bradawl.traversal.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Candidate;
import org.bradawl.traversal.CheckMessages;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 8445 has an agent do, one thing at a time, in virtual time. */
class IceAgentTest {

  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  private static final TransportAddress ALICE = endpoint("198.51.100.1", 5000);
  private static final TransportAddress ALICE_WORSE = endpoint("198.51.100.2", 5001);
  private static final TransportAddress BOB = endpoint("203.0.113.1", 6000);
  private static final TransportAddress BOB_WORSE = endpoint("203.0.113.2", 6001);
  private static final TransportAddress STRANGER = endpoint("192.0.2.66", 666);

  static TransportAddress endpoint(String address, int port) {
    return new TransportAddress(IpAddress.parse(address), port);
  }

  private static TwoAgents connected() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    two.describe(List.of(two.alice.host(0, ALICE, 0)), List.of(two.bob.host(0, BOB, 0)));
    two.run(SECOND);
    assertThat(two.alice.agent.selected()).isPresent();
    assertThat(two.bob.agent.selected()).isPresent();
    return two;
  }

  @Test
  void bothSelectTheBestPair() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    two.describe(
        List.of(two.alice.host(0, ALICE, 0), two.alice.host(1, ALICE_WORSE, 1)),
        List.of(two.bob.host(0, BOB, 0), two.bob.host(1, BOB_WORSE, 1)));
    two.run(2 * SECOND);
    assertThat(two.alice.selections).hasSize(1);
    assertThat(two.alice.selections.getFirst().remote().address()).isEqualTo(BOB);
    assertThat(two.bob.selections).hasSize(1);
    assertThat(two.bob.selections.getFirst().remote().address()).isEqualTo(ALICE);
  }

  @Test
  void doesNotWaitLongForAPairThatIsSilent() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    two.way = (from, to) -> !to.equals(BOB) && !from.equals(BOB);
    two.describe(
        List.of(two.alice.host(0, ALICE, 0)),
        List.of(two.bob.host(0, BOB, 0), two.bob.host(1, BOB_WORSE, 1)));
    two.run(600 * MILLI);
    assertThat(two.alice.agent.selected()).isPresent();
    assertThat(two.alice.selections.getFirst().remote().address()).isEqualTo(BOB_WORSE);
    assertThat(two.bob.agent.selected()).isPresent();
  }

  /** Each pair of roles, with seeds in which either has the larger tie-breaker. */
  static Stream<Arguments> conflicts() {
    return Stream.of(Side.values())
        .flatMap(side -> Stream.of(1L, 2L, 3L, 4L, 5L, 6L).map(seed -> Arguments.of(side, seed)));
  }

  @ParameterizedTest
  @MethodSource("conflicts")
  void agreesWithOneOfTheSameRole(Side side, long seed) {
    TwoAgents two = new TwoAgents(seed, side, side);
    two.describe(List.of(two.alice.host(0, ALICE, 0)), List.of(two.bob.host(0, BOB, 0)));
    two.run(2 * SECOND);
    assertThat(two.alice.agent.isControlling()).isNotEqualTo(two.bob.agent.isControlling());
    assertThat(two.alice.agent.selected()).isPresent();
    assertThat(two.bob.agent.selected()).isPresent();
  }

  @Test
  void takesCandidatesThatComeLate() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    two.introduce();
    LocalCandidate ofAlice = two.alice.host(0, ALICE, 0);
    two.run(SECOND);
    LocalCandidate ofBob = two.bob.host(0, BOB, 0);
    two.run(SECOND);
    two.bob.agent.remote(ofAlice.candidate(), two.now);
    two.run(20 * MILLI);
    two.alice.agent.remote(ofBob.candidate(), two.now);
    two.run(500 * MILLI);
    assertThat(two.alice.agent.selected()).isPresent();
    assertThat(two.bob.agent.selected()).isPresent();
    assertThat(two.alice.failure).isEmpty();
  }

  @Test
  void answersChecksThatOvertakeTheDescription() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    LocalCandidate ofAlice = two.alice.host(0, ALICE, 0);
    LocalCandidate ofBob = two.bob.host(0, BOB, 0);
    two.alice.agent.peer(two.bob.credentials, two.now);
    two.alice.agent.remote(ofBob.candidate(), two.now);
    two.run(200 * MILLI);
    assertThat(two.bob.agent.selected()).isEmpty();
    two.bob.agent.peer(two.alice.credentials, two.now);
    // Bob is never told of Alice's candidate: the check itself tells of it.
    assertThat(ofAlice.base()).isEqualTo(ALICE);
    two.run(500 * MILLI);
    assertThat(two.bob.agent.selected().orElseThrow().remote().type())
        .isEqualTo(Candidate.Type.PEER_REFLEXIVE);
    assertThat(two.alice.agent.selected()).isPresent();
  }

  @Test
  void learnsOfNatsFromChecksOnBothSides() {
    TransportAddress outside = endpoint("198.51.100.99", 40_000);
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    LocalCandidate ofAlice = two.alice.host(0, ALICE, 0);
    two.alice.sockets.put(0, outside);
    two.way = (_, to) -> !to.equals(ALICE);
    two.describe(List.of(ofAlice), List.of(two.bob.host(0, BOB, 0)));
    two.run(SECOND);
    IceAgent.Selected ofAliceNow = two.alice.agent.selected().orElseThrow();
    assertThat(ofAliceNow.local().candidate().type()).isEqualTo(Candidate.Type.PEER_REFLEXIVE);
    assertThat(ofAliceNow.local().candidate().address()).isEqualTo(outside);
    assertThat(two.bob.agent.selected().orElseThrow().remote().address()).isEqualTo(outside);
  }

  @Test
  void sendsOneNewCheckEachFiftyMilliseconds() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    two.way = (_, _) -> false;
    LocalCandidate ofAlice = two.alice.host(0, ALICE, 0);
    two.introduce();
    for (int port = 1; port <= 60; port++) {
      TransportAddress claimed = endpoint("203.0.113." + port, 6000);
      two.alice.agent.remote(LocalCandidate.host(0, claimed, port).candidate(), two.now);
    }
    assertThat(ofAlice.base()).isEqualTo(ALICE);
    two.run(450 * MILLI);
    assertThat(two.alice.wroteAt).hasSize(9);
    for (int i = 1; i < two.alice.wroteAt.size(); i++) {
      assertThat(two.alice.wroteAt.get(i) - two.alice.wroteAt.get(i - 1))
          .isGreaterThanOrEqualTo(50 * MILLI);
    }
  }

  @Test
  void givesUpWhenEverythingWasTriedAndNotBeforeTheEndOfCandidates() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    two.way = (_, _) -> false;
    LocalCandidate ofAlice = two.alice.host(0, ALICE, 0);
    LocalCandidate ofBob = two.bob.host(0, BOB, 0);
    two.introduce();
    two.alice.agent.remote(ofBob.candidate(), two.now);
    two.bob.agent.remote(ofAlice.candidate(), two.now);
    two.run(45 * SECOND);
    assertThat(two.alice.failure).isEmpty();
    // RFC 8489 §6.2.1: seven times, at growing intervals.
    assertThat(two.alice.wroteTo).hasSize(7).containsOnly(BOB);
    two.end();
    assertThat(two.alice.failure).contains(IceAgent.Failure.NO_PAIR);
    assertThat(two.bob.failure).contains(IceAgent.Failure.NO_PAIR);
  }

  @Test
  void noticesWithinThirtySecondsThatThePeerIsGone() {
    TwoAgents two = connected();
    two.run(60 * SECOND);
    assertThat(two.alice.failure).isEmpty();
    two.way = (_, _) -> false;
    long gone = two.now;
    while (two.alice.failure.isEmpty() || two.bob.failure.isEmpty()) {
      two.run(100 * MILLI);
      assertThat(two.now - gone).isLessThanOrEqualTo(30 * SECOND + 200 * MILLI);
    }
    assertThat(two.alice.failure).contains(IceAgent.Failure.CONSENT_EXPIRED);
    assertThat(two.alice.agent.selected()).isEmpty();
    int sent = two.alice.wroteTo.size();
    two.run(60 * SECOND);
    assertThat(two.alice.wroteTo).as("RFC 7675: nothing more is sent").hasSize(sent);
  }

  @Test
  void aForgedCheckGetsNothing() {
    TwoAgents two = connected();
    CheckMessages forger =
        new CheckMessages(
            two.alice.credentials,
            new Credentials(two.bob.credentials.fragment(), "guessed-guessed-guessed-"));
    int sent = two.bob.wroteTo.size();
    StunMessage forged =
        (StunMessage)
            Decoder.decode(forger.request(TransactionId.random(two.random), true, 1, 1, true));
    assertThat(two.bob.agent.received(0, STRANGER, forged, two.now)).isFalse();
    assertThat(two.bob.wroteTo).hasSize(sent);
    assertThat(two.bob.agent.rejected()).isEqualTo(1);
    assertThat(two.bob.agent.selected().orElseThrow().remote().address()).isEqualTo(ALICE);
  }

  /** The peer signed it once; from elsewhere it makes us check there, which nobody answers. */
  @ParameterizedTest
  @EnumSource(Side.class)
  void aReplayedCheckMovesNothing(Side side) {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    List<StunMessage> captured = new ArrayList<>();
    LocalCandidate ofAlice = two.alice.host(0, ALICE, 0);
    LocalCandidate ofBob = two.bob.host(0, BOB, 0);
    TwoAgents.End victim = side == Side.INITIATOR ? two.alice : two.bob;
    two.describe(List.of(ofAlice), List.of(ofBob));
    for (int i = 0; i < 500; i++) {
      two.flying.stream()
          .filter(one -> one.to() == victim)
          .map(one -> (StunMessage) Decoder.decode(one.datagram().duplicate()))
          .forEach(captured::add);
      two.run(MILLI);
    }
    assertThat(captured).isNotEmpty();
    IceAgent.Selected before = victim.agent.selected().orElseThrow();
    for (int i = 0; i < 1_000; i++) {
      StunMessage replayed = captured.get(i % captured.size());
      victim.agent.received(0, endpoint("192.0.2.66", 1 + (i % 500)), replayed, two.now);
      two.run(MILLI);
    }
    assertThat(victim.agent.selected()).contains(before);
    long elsewhere =
        victim.wroteTo.stream().filter(to -> to.address().equals(STRANGER.address())).count();
    // An answer for each request and no more than a few checks of its own.
    assertThat(elsewhere).isLessThanOrEqualTo(1_000 + 7 * 20);
  }

  @Test
  void anAnswerFromElsewhereProvesNothing() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    two.seen = from -> from.equals(BOB) ? STRANGER : from;
    two.describe(List.of(two.alice.host(0, ALICE, 0)), List.of(two.bob.host(0, BOB, 0)));
    two.run(300 * MILLI);
    assertThat(two.alice.agent.selected()).isEmpty();
    assertThat(two.alice.agent.rejected()).isPositive();
  }

  @Test
  void aPeerThatClaimsThousandsOfAddressesIsNotFollowed() {
    TwoAgents two = new TwoAgents(1, Side.INITIATOR, Side.RESPONDER);
    two.way = (_, _) -> false;
    two.alice.host(0, ALICE, 0);
    two.introduce();
    for (int port = 1; port <= 5_000; port++) {
      two.alice.agent.remote(
          LocalCandidate.host(0, endpoint("192.0.2.66", port), 0).candidate(), two.now);
    }
    two.run(60 * SECOND);
    assertThat(two.alice.wroteTo.stream().distinct()).hasSizeLessThanOrEqualTo(64);
    assertThat(two.alice.wroteTo).hasSizeLessThanOrEqualTo(64 * 7);
  }
}
