package org.bradawl.traversal.ice;

import static org.bradawl.traversal.ice.IceAgentTest.MILLI;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;

/** Two agents in virtual time, and a network between them that a test may spoil. */
final class TwoAgents {

  static final long DELAY_NANOS = 10 * MILLI;

  record Flying(
      long atNanos, End to, TransportAddress from, TransportAddress at, ByteBuffer datagram) {}

  /** One side: its agent and its sockets. */
  final class End implements IceActions {
    final String name;
    final Credentials credentials;
    final IceAgent agent;
    final Map<Integer, TransportAddress> sockets = new HashMap<>();
    final List<TransportAddress> wroteTo = new ArrayList<>();
    final List<Long> wroteAt = new ArrayList<>();
    final List<IceAgent.Selected> selections = new ArrayList<>();
    Optional<IceAgent.Failure> failure = Optional.empty();

    End(String name, Side side) {
      this.name = name;
      this.credentials = Credentials.random(random);
      this.agent = new IceAgent(side, credentials, random, this);
    }

    LocalCandidate host(int socket, TransportAddress address, int order) {
      sockets.put(socket, address);
      LocalCandidate candidate = LocalCandidate.host(socket, address, order);
      agent.local(candidate, now);
      return candidate;
    }

    /** Only when it has asked for it, as in real life. */
    void advance() {
      OptionalLong deadline = agent.deadlineNanos();
      if (deadline.isPresent() && now - deadline.getAsLong() >= 0) {
        agent.advance(now);
      }
    }

    @Override
    public void send(int socket, TransportAddress to, ByteBuffer datagram) {
      TransportAddress from = sockets.get(socket);
      wroteTo.add(to);
      wroteAt.add(now);
      if (from == null || !way.test(from, to)) {
        return;
      }
      End other = this == alice ? bob : alice;
      ByteBuffer copy = ByteBuffer.allocate(datagram.remaining()).put(datagram).flip();
      flying.add(new Flying(now + DELAY_NANOS, other, seen.apply(from), to, copy));
    }

    @Override
    public void selected(IceAgent.Selected pair) {
      selections.add(pair);
    }

    @Override
    public void failed(IceAgent.Failure why) {
      failure = Optional.of(why);
    }
  }

  final SplittableRandom random;
  final End alice;
  final End bob;
  final List<Flying> flying = new ArrayList<>();

  /** Which datagrams arrive. */
  BiPredicate<TransportAddress, TransportAddress> way = (_, _) -> true;

  /** What a NAT makes of a source. */
  UnaryOperator<TransportAddress> seen = UnaryOperator.identity();

  long now;

  TwoAgents(long seed, Side ofAlice, Side ofBob) {
    random = new SplittableRandom(seed);
    alice = new End("alice", ofAlice);
    bob = new End("bob", ofBob);
  }

  void introduce() {
    alice.agent.peer(bob.credentials, now);
    bob.agent.peer(alice.credentials, now);
  }

  /** Each is told the other's candidates, and that there are no more. */
  void describe(List<LocalCandidate> ofAlice, List<LocalCandidate> ofBob) {
    introduce();
    ofAlice.forEach(candidate -> bob.agent.remote(candidate.candidate(), now));
    ofBob.forEach(candidate -> alice.agent.remote(candidate.candidate(), now));
    end();
  }

  void end() {
    for (End each : List.of(alice, bob)) {
      each.agent.allLocal(now);
      each.agent.allRemote(now);
    }
  }

  void run(long forNanos) {
    for (long until = now + forNanos; now < until; now += MILLI) {
      alice.advance();
      bob.advance();
      List<Flying> arrived = flying.stream().filter(one -> one.atNanos() <= now).toList();
      flying.removeAll(arrived);
      for (Flying one : arrived) {
        one.to().sockets.entrySet().stream()
            .filter(socket -> socket.getValue().equals(one.at()))
            .findFirst()
            .ifPresent(socket ->
                one.to()
                    .agent
                    .received(
                        socket.getKey(),
                        one.from(),
                        (StunMessage) Decoder.decode(one.datagram()),
                        now));
      }
    }
  }
}
