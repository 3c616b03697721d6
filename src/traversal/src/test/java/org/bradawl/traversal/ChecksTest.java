package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bradawl.traversal.Peers.endpoint;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.PortModel;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;

/** Two machines that check each other, and others that try to interfere. */
class ChecksTest {

  private static final TransportAddress ALICE = endpoint("198.51.100.1", 5000);
  private static final TransportAddress BOB = endpoint("192.0.2.1", 6000);
  private static final TransportAddress STRANGER = endpoint("203.0.113.9", 7000);
  private static final long MILLI = 1_000_000L;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Credentials ofAlice = Credentials.random(random);
  private final Credentials ofBob = Credentials.random(random);
  private final Deque<ByteBuffer> toBob = new ArrayDeque<>();
  private final Deque<ByteBuffer> toAlice = new ArrayDeque<>();
  private final List<TransportAddress> bobWroteTo = new ArrayList<>();

  private static Peer peer(TransportAddress observed) {
    return Peers.peer(
        "peer",
        observed.address().toString(),
        "10.0.0.1",
        Behavior.ENDPOINT_INDEPENDENT,
        Behavior.ADDRESS_AND_PORT_DEPENDENT,
        new PortModel.Preserving(1));
  }

  private Checks alice(Side side) {
    return new Checks(
        side,
        ofAlice,
        ofBob,
        Targets.of(peer(ALICE), peer(BOB)),
        random,
        actions(toBob, new ArrayList<>()));
  }

  private Checks bob(Side side) {
    return new Checks(
        side,
        ofBob,
        ofAlice,
        Targets.of(peer(BOB), peer(ALICE)),
        random,
        actions(toAlice, bobWroteTo));
  }

  private static CheckActions actions(Deque<ByteBuffer> wire, List<TransportAddress> targets) {
    return new CheckActions() {
      @Override
      public void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
        wire.add(datagram);
        targets.add(to);
      }

      @Override
      public void selected(Checks.Path path) {}
    };
  }

  private void exchange(Checks alice, Checks bob, long from, long until) {
    for (long now = from; now < until; now += MILLI) {
      alice.advance(now);
      bob.advance(now);
      while (!toBob.isEmpty()) {
        bob.received(0, ALICE, message(toBob.remove()), now);
      }
      while (!toAlice.isEmpty()) {
        alice.received(0, BOB, message(toAlice.remove()), now);
      }
    }
  }

  private static StunMessage message(ByteBuffer datagram) {
    return (StunMessage) Decoder.decode(datagram);
  }

  @Test
  void bothSelectThePairTheControllingSideNominates() {
    Checks alice = alice(Side.INITIATOR);
    Checks bob = bob(Side.RESPONDER);
    alice.schedule(3, 0, BOB, 0, 0);
    bob.socketOf(3, 0);
    exchange(alice, bob, 0, 500 * MILLI);
    assertThat(alice.selected()).contains(new Checks.Path(0, BOB, 3));
    assertThat(bob.selected()).contains(new Checks.Path(0, ALICE, 3));
  }

  @Test
  void twoControllingSidesAgreeByTieBreaker() {
    Checks alice = alice(Side.INITIATOR);
    Checks bob = bob(Side.INITIATOR);
    alice.schedule(0, 0, BOB, 0, 0);
    bob.schedule(0, 0, ALICE, 0, 0);
    exchange(alice, bob, 0, 1_000 * MILLI);
    assertThat(alice.isControlling()).isNotEqualTo(bob.isControlling());
    assertThat(alice.selected()).isPresent();
    assertThat(bob.selected()).isPresent();
  }

  @Test
  void twoControlledSidesAgreeByTieBreaker() {
    Checks alice = alice(Side.RESPONDER);
    Checks bob = bob(Side.RESPONDER);
    alice.schedule(0, 0, BOB, 0, 0);
    bob.schedule(0, 0, ALICE, 0, 0);
    exchange(alice, bob, 0, 1_000 * MILLI);
    assertThat(alice.isControlling()).isNotEqualTo(bob.isControlling());
    assertThat(alice.selected()).isPresent();
  }

  @Test
  void aForgedRequestIsNotAnswered() {
    Checks bob = bob(Side.RESPONDER);
    CheckMessages forger =
        new CheckMessages(
            ofAlice, new Credentials(ofBob.fragment(), "guessed-guessed-guessed-guessed"));
    ByteBuffer forged = forger.request(TransactionId.random(random), true, 1, 1, true);
    assertThat(bob.received(0, ALICE, message(forged), 0)).isFalse();
    assertThat(toAlice).isEmpty();
    assertThat(bob.rejected()).isEqualTo(1);
  }

  @Test
  void aReplayFromElsewhereMovesNothing() {
    Checks alice = alice(Side.INITIATOR);
    Checks bob = bob(Side.RESPONDER);
    alice.schedule(0, 0, BOB, 0, 0);
    alice.advance(0);
    StunMessage captured = message(toBob.remove());
    bob.received(0, STRANGER, captured, 0);
    assertThat(bobWroteTo).isEmpty();
  }

  @Test
  void anAnswerFromElsewhereProvesNothing() {
    Checks alice = alice(Side.INITIATOR);
    Checks bob = bob(Side.RESPONDER);
    alice.schedule(0, 0, BOB, 0, 0);
    alice.advance(0);
    bob.received(0, ALICE, message(toBob.remove()), 0);
    StunMessage answer = message(toAlice.remove());
    alice.received(0, endpoint("192.0.2.1", 6001), answer, MILLI);
    assertThat(toBob).isEmpty();
    assertThat(alice.selected()).isEmpty();
  }

  @Test
  void neverSendsFasterThanItsRate() {
    Checks alice = alice(Side.INITIATOR);
    for (int port = 1024; port < 11_024; port++) {
      alice.schedule(0, 0, new TransportAddress(BOB.address(), port), 0, 0);
    }
    for (long now = 0; now < 1_000 * MILLI; now += MILLI / 4) {
      alice.advance(now);
    }
    assertThat(toBob.size()).isBetween(900, Checks.RATE);
  }

  @Test
  void refusesToProbeAnybodyElse() {
    Checks alice = alice(Side.INITIATOR);
    assertThatThrownBy(() -> alice.schedule(0, 0, STRANGER, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
