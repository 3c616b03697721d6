package org.bradawl.traversal;

import static org.bradawl.traversal.Reachability.admitsFirst;
import static org.bradawl.traversal.Reachability.isIndependent;
import static org.bradawl.traversal.Reachability.isPerPort;
import static org.bradawl.traversal.Reachability.isStrict;

import java.time.Duration;
import java.util.Optional;
import org.bradawl.nat.Answer;
import org.bradawl.nat.PortModel;
import org.bradawl.traversal.Task.Aim;
import org.bradawl.traversal.Task.Sockets;

/**
 * How two NATs are got through over UDP, once it is clear that neither peer is simply reachable:
 * whether endpoints that the server saw will do, whether ports can be predicted, whether a search
 * for them is worth it, and otherwise why it is hopeless.
 */
final class PunchSteps {

  /** A step's two tasks, or why there is no such step. */
  sealed interface Way {}

  record Open(String reason, Task initiator, Task responder) implements Way {}

  record Closed(String reason) implements Way {}

  /** The other side's first packet has left and is on its way long before this is over. */
  private static final Duration HEAD_START = Duration.ofMillis(150);

  /** How long 256 sockets take to write once each, at one packet a millisecond. */
  private static final Duration OPENING = Duration.ofMillis(300);

  /**
   * A counter that neighbours use moves on between sampling and use; over a round trip of 100 ms a
   * busy household takes a few ports, a café a dozen.
   */
  private static final int PREDICTIONS = 20;

  /** Retries add as many again, up to here: a NAT that is busier than that is not predictable. */
  private static final int MOST_RETRIES = 3;

  private final Peer initiator;
  private final Peer responder;
  private final Policy policy;
  private final int attempt;

  PunchSteps(Peer initiator, Peer responder, Policy policy, int attempt) {
    this.initiator = initiator;
    this.responder = responder;
    this.policy = policy;
    this.attempt = attempt;
  }

  /** Both write to where the server saw the other. */
  Way punch() {
    if (!Reachability.byPunching(initiator, responder)) {
      return new Closed(
          "neither NAT would let in a packet from a port that the other side cannot know");
    }
    boolean toResponder = admitsFirst(initiator, responder);
    boolean toInitiator = admitsFirst(responder, initiator);
    Task asking = Task.toAnnounced();
    Task asked = Task.toAnnounced();
    String order = "both write to where the server saw the other";
    if (toResponder && Reachability.mustHoldItsTongue(initiator, responder)) {
      asked = Task.waiting();
      order =
          responder.name() + " waits for the packet, so that its answer leaves from where it came";
    } else if (toInitiator && Reachability.mustHoldItsTongue(responder, initiator)) {
      asking = Task.waiting();
      order =
          initiator.name() + " waits for the packet, so that its answer leaves from where it came";
    }
    return carefully(order, asking, asked);
  }

  /**
   * On a naive Linux router the host's port changes if the peer's packet is there first. So the
   * host behind one writes first; of two such hosts, each needs a packet that dies on the way.
   */
  private Way carefully(String order, Task asking, Task asked) {
    boolean asksFromNaive = initiator.nat().earlyPacketMovesPort() == Answer.YES;
    boolean askedBehindNaive = responder.nat().earlyPacketMovesPort() == Answer.YES;
    boolean both = asksFromNaive && askedBehindNaive;
    if ((both || attempt > 0) && Priming.isPossible(initiator, responder)) {
      Priming.Primed primed = Priming.prime(initiator, asking, responder, asked, attempt);
      return new Open(order + "; " + primed.how(), primed.initiator(), primed.responder());
    }
    if (both) {
      return new Open(
          order
              + "; both routers change a port for a packet that comes early, so the packets must"
              + " pass each other on the way",
          asking,
          asked);
    }
    // On a retry the order changes too: whoever came second may have been the one that mattered.
    boolean swap = attempt % 2 == 1;
    if (asksFromNaive || (swap && !askedBehindNaive)) {
      return new Open(order + "; " + initiator.name() + " first", asking, later(asked));
    }
    if (askedBehindNaive) {
      return new Open(order + "; " + responder.name() + " first", later(asking), asked);
    }
    return new Open(order, asking, asked);
  }

  private static Task later(Task task) {
    return task.aim() == Aim.NOWHERE ? task : task.after(HEAD_START);
  }

  /** Whoever changes ports tells which comes next. */
  Way predict() {
    boolean first = isIndependent(initiator);
    boolean second = isIndependent(responder);
    if (first && second) {
      return new Closed("neither NAT changes its port, so there is nothing to predict");
    }
    if (first || isPredictable(initiator)) {
      if (second || isPredictable(responder)) {
        return both();
      }
      // The strict side must know the other's port; the lenient one only the address.
      return !first && !isStrict(initiator)
          ? oneSided(Side.INITIATOR)
          : new Closed(responder.name() + "'s next port cannot be predicted");
    }
    return isPredictable(responder) && !second && !isStrict(responder)
        ? oneSided(Side.RESPONDER)
        : new Closed(initiator.name() + "'s next port cannot be predicted");
  }

  private Way both() {
    // Two NATs that change the port for every packet move on together; writing to every second
    // port on one side lets both catch up with what neighbours took in between.
    boolean leapfrog = isPerPort(initiator) && isPerPort(responder) && count(initiator) > 1;
    Task asking = predicting(initiator, responder);
    Task asked = predicting(responder, initiator).striding(leapfrog ? 2 : 1);
    return new Open(
        "the next ports can be told: " + Words.about(initiator) + "; " + Words.about(responder),
        asking,
        asked);
  }

  private Way oneSided(Side told) {
    boolean asks = told == Side.INITIATOR;
    Peer predictable = peer(told);
    Peer random = peer(told.other());
    Task known = Task.toAnnounced().from(sockets(predictable), 1);
    Task guessing = Task.toAnnounced().aimed(Aim.ANNOUNCED, count(predictable));
    return new Open(
        predictable.name()
            + "'s next port can be told, and it lets in every port of "
            + random.name()
            + "'s address",
        asks ? known : guessing,
        asks ? guessing : known);
  }

  private Task predicting(Peer self, Peer other) {
    return Task.toAnnounced().from(sockets(self), 1).aimed(Aim.ANNOUNCED, count(other));
  }

  private Sockets sockets(Peer peer) {
    if (isIndependent(peer)) {
      return Sockets.MAIN;
    }
    return peer.nat().portAllocation() instanceof PortModel.Preserving
        ? Sockets.PRISTINE
        : Sockets.SAMPLED;
  }

  /** How many ports of {@code peer} to try; more on each retry. */
  private int count(Peer peer) {
    boolean counts =
        !isIndependent(peer) && peer.nat().portAllocation() instanceof PortModel.Contiguous;
    return counts ? PREDICTIONS * (1 + Math.min(attempt, MOST_RETRIES)) : 1;
  }

  static boolean isPredictable(Peer peer) {
    return switch (peer.nat().portAllocation()) {
      case PortModel.Preserving _ -> true;
      case PortModel.Contiguous _ -> true;
      case PortModel.Block _, PortModel.Random _, PortModel.Unknown _ -> false;
    };
  }

  /** One side opens many sockets, the other probes many ports. */
  Way search() {
    if (isIndependent(initiator) && isIndependent(responder)) {
      return new Closed("neither NAT changes its port, so there is nothing to search for");
    }
    return searchFor(Side.RESPONDER)
        .or(() -> searchFor(Side.INITIATOR))
        .map(this::sized)
        .orElseGet(() -> new Closed(hopeless()));
  }

  private record Search(Side hidden, Task opening, Task probing) {}

  /** Whether the other side may find this one, whose ports nobody can tell. */
  private Optional<Search> searchFor(Side side) {
    Peer hidden = peer(side);
    Peer searching = peer(side.other());
    if (isIndependent(hidden)) {
      return Optional.empty();
    }
    // A hidden side that admits every port of an address needs not know the searching side's port.
    boolean lenient = !isStrict(hidden);
    boolean oneKnownPort =
        isIndependent(searching) || (isPredictable(searching) && !isPerPort(searching));
    if (!lenient && !oneKnownPort) {
      return Optional.empty();
    }
    int sockets = Math.min(hidden.abilities().sockets(), Peer.Abilities.usual().sockets());
    Task opening = Task.toAnnounced().from(Sockets.MANY, sockets);
    Sockets from = oneKnownPort ? sockets(searching) : Sockets.MAIN;
    Task probing =
        Task.toAnnounced().from(from, 1).aimed(Aim.SEARCHED, policy.probes()).after(OPENING);
    return Optional.of(new Search(side, opening, probing));
  }

  private Way sized(Search search) {
    Peer hidden = peer(search.hidden());
    int range =
        hidden.nat().portAllocation() instanceof PortModel.Block block
            ? block.size()
            : PortModel.PORTS;
    // In a small block fewer sockets do, and more would exhaust it.
    int sockets = Math.min(search.opening().count(), Math.max(1, range / 8));
    int probes = Math.min(policy.probes(), range);
    double chance = Birthday.chance(range, sockets, probes);
    if (chance < policy.worthwhile()) {
      return new Closed(
          "a search of %d probes against %d sockets would succeed in %.0f %% of cases"
              .formatted(probes, sockets, 100 * chance));
    }
    Task opening = search.opening().from(Sockets.MANY, sockets);
    Task probing = search.probing().aimed(Aim.SEARCHED, probes);
    boolean asks = search.hidden() == Side.INITIATOR;
    return new Open(
        "%s's port is one of %d: %d sockets there and %d probes from %s meet in %.1f %% of cases"
            .formatted(
                hidden.name(),
                range,
                sockets,
                probes,
                peer(search.hidden().other()).name(),
                100 * chance),
        asks ? opening : probing,
        asks ? probing : opening);
  }

  private Peer peer(Side side) {
    return switch (side) {
      case INITIATOR -> initiator;
      case RESPONDER -> responder;
    };
  }

  private String hopeless() {
    long thousands = Math.round(Birthday.probesForBoth(0.5) / 1000.0);
    return "both NATs change ports in a way that cannot be told, and each lets in only the very port"
        + " it has written to: about %d,000 probes from each side for an even chance"
            .formatted(thousands);
  }
}
