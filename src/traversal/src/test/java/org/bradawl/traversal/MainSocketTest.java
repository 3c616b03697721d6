package org.bradawl.traversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.traversal.Peers.endpoint;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.PortModel;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;

/** What comes in at a host's main socket, which all its traversals share. */
class MainSocketTest {

  private static final TransportAddress ALICE = endpoint("198.51.100.1", 5000);
  private static final TransportAddress BOB = endpoint("203.0.113.1", 6000);
  private static final Peer ALICE_HOST = host("alice", ALICE);
  private static final Peer BOB_HOST = host("bob", BOB);
  private static final Credentials OF_BOB = new Credentials("bobs", "0123456789012345678901");

  private final RandomGenerator random = new SplittableRandom(1);
  private final Deque<ByteBuffer> sent = new ArrayDeque<>();

  private static Peer host(String name, TransportAddress seen) {
    return Peers.peer(
        name,
        seen.address().toString(),
        "192.168.1.2",
        Behavior.ENDPOINT_INDEPENDENT,
        Behavior.ENDPOINT_INDEPENDENT,
        new PortModel.Preserving(1));
  }

  private static Step step(int number, Method method) {
    Task task = Task.to(List.of(BOB));
    return new Step(
        number, method, Transport.UDP, "because", Duration.ZERO, Duration.ofSeconds(5), task, task);
  }

  private Traversal follow(Credentials ours, Step... steps) {
    return new Traversal(
        new Traversal.Setting(
            Side.INITIATOR,
            ALICE_HOST,
            BOB_HOST,
            new Plan(List.of(steps), List.of()),
            ours,
            OF_BOB,
            Optional.of(ALICE),
            Optional.empty(),
            List.of()),
        random,
        new Sending());
  }

  private Traversal towardsBob(Credentials ours) {
    Traversal traversal = follow(ours, step(0, Method.PUNCH));
    traversal.start(0);
    traversal.prepared(new Preparation(0, List.of(), Optional.empty()), 0, 0);
    return traversal;
  }

  private final class Sending implements TraversalActions {

    @Override
    public void open(int socket) {}

    @Override
    public void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
      sent.add(datagram);
    }

    @Override
    public void openTcp(int socket) {}

    @Override
    public void connect(int connection, int socket, TransportAddress to, int ttl) {}

    @Override
    public void ask(int connection, int socket, TransportAddress server) {}

    @Override
    public void sendOver(int connection, ByteBuffer message) {}

    @Override
    public void publish(Preparation preparation) {}

    @Override
    public void relay() {}

    @Override
    public void finished(Outcome outcome) {}
  }

  private static StunMessage message(ByteBuffer datagram) {
    return (StunMessage) Decoder.decode(datagram);
  }

  private StunMessage answer(StunMessage request, Credentials toAlice) {
    Deque<ByteBuffer> answers = new ArrayDeque<>();
    Checks bob =
        new Checks(
            Side.RESPONDER,
            OF_BOB,
            toAlice,
            Targets.of(BOB_HOST, ALICE_HOST),
            random,
            new CheckActions() {
              @Override
              public void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
                answers.add(datagram);
              }

              @Override
              public void selected(Checks.Path path) {}
            });
    bob.received(0, ALICE, request, 0);
    return message(answers.remove());
  }

  @Test
  void anAnswerIsTakenByTheOneThatAsked() {
    Credentials ofFirst = new Credentials("first", "1123456789012345678901");
    Credentials ofSecond = new Credentials("second", "2123456789012345678901");
    Traversal first = towardsBob(ofFirst);
    sent.clear();
    Traversal second = towardsBob(ofSecond);
    StunMessage answer = answer(message(sent.remove()), ofSecond);
    assertThat(first.received(Traversal.MAIN, BOB, answer, 1)).isFalse();
    assertThat(second.received(Traversal.MAIN, BOB, answer, 1)).isTrue();
    assertThat(first.checks().rejected()).isZero();
  }

  @Test
  void aCheckIsTakenByTheOneThatItNames() {
    Credentials ofFirst = new Credentials("first", "1123456789012345678901");
    Credentials ofSecond = new Credentials("second", "2123456789012345678901");
    Traversal first = towardsBob(ofFirst);
    Traversal second = towardsBob(ofSecond);
    CheckMessages bob = new CheckMessages(OF_BOB, ofSecond);
    StunMessage check = message(bob.request(TransactionId.random(random), false, 1, 1, false));
    assertThat(first.received(Traversal.MAIN, BOB, check, 1)).isFalse();
    assertThat(second.received(Traversal.MAIN, BOB, check, 1)).isTrue();
  }

  /** Bob may have had the plan earlier, and even be through before our first step. */
  @Test
  void aWayThatThePeerOpensBeforeOurFirstStepIsNotTheRelays() {
    Credentials ours = new Credentials("alice", "1123456789012345678901");
    Traversal alice = follow(ours, step(0, Method.RELAY), step(1, Method.REVERSE));
    CheckMessages bob = new CheckMessages(OF_BOB, ours);
    StunMessage check = message(bob.request(TransactionId.random(random), false, 1, 1, false));
    alice.received(Traversal.MAIN, BOB, check, 0);
    sent.remove(); // the answer
    alice.received(Traversal.MAIN, BOB, answer(message(sent.remove()), ours), 0); // to our check
    alice.received(Traversal.MAIN, BOB, answer(message(sent.remove()), ours), 0); // to our choice
    alice.start(1);
    assertThat(alice.outcome())
        .hasValueSatisfying(outcome ->
            assertThat(outcome)
                .isInstanceOfSatisfying(
                    Outcome.Connected.class,
                    connected -> assertThat(connected.step().method()).isEqualTo(Method.REVERSE)));
  }
}
