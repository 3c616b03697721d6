package org.bradawl.simulation.traversal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bradawl.nat.Report;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Plan;
import org.bradawl.traversal.Planner;
import org.bradawl.traversal.Policy;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.Rendezvous;
import org.bradawl.traversal.Side;

/**
 * Two peers and the server between them: it makes the plan, carries the preparations, and says when
 * to begin so that both begin at once.
 */
public final class Meeting {

  /** How long a message takes to or from the server; the second peer is farther away. */
  private static final Duration FIRST_DELAY = Duration.ofMillis(20);

  private static final Duration SECOND_DELAY = Duration.ofMillis(35);

  /** How far a measured round trip is off, at most, on an idle network. */
  private static final Duration SKEW = Duration.ofMillis(3);

  /** How a meeting went. */
  public record Result(Plan plan, Outcome initiator, Outcome responder) {

    /** The label of the path, or "failed". */
    public String path() {
      return switch (initiator) {
        case Outcome.Connected connected -> connected.step().method().label();
        case Outcome.Relayed _ -> "relayed";
        case Outcome.Failed _ -> "failed";
      };
    }

    /** Whether both have the same idea of how it ended. */
    public boolean isAgreed() {
      return switch (initiator) {
        case Outcome.Connected _ -> responder instanceof Outcome.Connected;
        case Outcome.Relayed _ -> responder instanceof Outcome.Relayed;
        case Outcome.Failed _ -> responder instanceof Outcome.Failed;
      };
    }
  }

  private final VirtualTime time;
  private final SimulatedPeer initiator;
  private final SimulatedPeer responder;
  private final Policy policy;
  private Rendezvous rendezvous =
      new Rendezvous(new Plan(List.of(), List.of()), FIRST_DELAY, SECOND_DELAY);

  /** A meeting of two peers that have met the server. */
  public Meeting(SimulatedPeer initiator, SimulatedPeer responder, Policy policy) {
    this.time = initiator.host().realm().time();
    this.initiator = initiator;
    this.responder = responder;
    this.policy = policy;
  }

  /** Discovers both NATs, plans, and runs the plan to its end. */
  public Result run() {
    return run(initiator.discover(), responder.discover(), 0);
  }

  /** Plans with these reports, and runs the plan to its end. */
  public Result run(Report ofInitiator, Report ofResponder, int attempt) {
    initiator.meetServer();
    responder.meetServer();
    Peer a = initiator.known("alice", ofInitiator);
    Peer b = responder.known("bob", ofResponder);
    Plan plan = Planner.plan(a, b, policy, History.none(), attempt);
    rendezvous = new Rendezvous(plan, FIRST_DELAY, SECOND_DELAY);
    List<Rendezvous.Delivery> known =
        rendezvous.begin(
            new Rendezvous.Seen(initiator.seen(), initiator.seenTcp()),
            new Rendezvous.Seen(responder.seen(), responder.seenTcp()));
    // The plan brings a waiting time of its own, so that both plans begin at once too.
    time.after(
        SECOND_DELAY,
        () ->
            initiator.begin(
                Side.INITIATOR, a, b, plan, responder.credentials(), this::fromInitiator));
    time.after(
        SECOND_DELAY,
        () ->
            responder.begin(
                Side.RESPONDER, b, a, plan, initiator.credentials(), this::fromResponder));
    known.forEach(this::deliver);
    boolean over =
        time.run(
            Duration.ofMinutes(1),
            () -> initiator.outcome().isPresent() && responder.outcome().isPresent());
    if (!over) {
      throw new AssertionError("a plan ends by itself: " + plan);
    }
    return new Result(plan, ended(initiator.outcome()), ended(responder.outcome()));
  }

  private static Outcome ended(Optional<Outcome> outcome) {
    return outcome.orElseThrow(() -> new AssertionError("it has ended"));
  }

  private void fromInitiator(Preparation preparation) {
    time.after(FIRST_DELAY, () -> published(Side.INITIATOR, preparation));
  }

  private void fromResponder(Preparation preparation) {
    time.after(SECOND_DELAY, () -> published(Side.RESPONDER, preparation));
  }

  private void published(Side side, Preparation preparation) {
    rendezvous.published(side, preparation).forEach(this::deliver);
  }

  private void deliver(Rendezvous.Delivery delivery) {
    Duration delay = delivery.to() == Side.INITIATOR ? FIRST_DELAY : SECOND_DELAY;
    SimulatedPeer peer = delivery.to() == Side.INITIATOR ? initiator : responder;
    time.after(
        delay,
        () ->
            peer.prepared(
                delivery.preparation(), time.nanos() + delivery.startAfter().toNanos() + skew()));
  }

  private long skew() {
    return time.random().nextLong(SKEW.toNanos());
  }
}
