package org.bradawl.traversal.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Plan;
import org.bradawl.traversal.Planner;
import org.bradawl.traversal.Policy;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.Rendezvous;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Step;
import org.bradawl.traversal.frame.Ending;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;

/** One traversal: somebody is asked, a plan runs, and it ends. */
final class Meeting {

  private final String id;
  private final Map<Side, Participant> sides = new EnumMap<>(Side.class);
  private final Instant started;
  private final int attempt;
  private final BrokerLimits limits;
  private final BrokerActions actions;
  private Optional<Planned> planned = Optional.empty();
  private Optional<FromServer.Ended> ended = Optional.empty();
  private Optional<Duration> relayedAfter = Optional.empty();
  private final Waiting waiting;
  private long deadlineNanos;

  /** What a plan was made of, and since when it runs. */
  record Planned(
      Peer initiator, Peer responder, Plan plan, Rendezvous rendezvous, long sinceNanos) {

    Peer side(Side side) {
      return switch (side) {
        case INITIATOR -> initiator;
        case RESPONDER -> responder;
      };
    }
  }

  Meeting(
      String id,
      Participant initiator,
      Participant responder,
      int attempt,
      Instant started,
      BrokerLimits limits,
      BrokerActions actions,
      long now) {
    this.id = id;
    this.attempt = attempt;
    this.started = started;
    this.limits = limits;
    this.actions = actions;
    sides.put(Side.INITIATOR, initiator);
    sides.put(Side.RESPONDER, responder);
    waiting = new Waiting(responder.peer, limits, now);
    deadlineNanos = waiting.deadlineNanos();
  }

  String id() {
    return id;
  }

  int attempt() {
    return attempt;
  }

  Instant started() {
    return started;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  Optional<Planned> planned() {
    return planned;
  }

  /** Whether its plan may search for a port. */
  boolean searches() {
    return planned.stream()
        .flatMap(made -> made.plan().steps().stream())
        .anyMatch(step -> step.method() == Method.SEARCH);
  }

  Optional<Duration> relayedAfter() {
    return relayedAfter;
  }

  boolean isEnded() {
    return ended.isPresent();
  }

  Participant side(Side side) {
    Participant participant = sides.get(side);
    if (participant == null) {
      throw new IllegalStateException("a meeting has two sides");
    }
    return participant;
  }

  /** Which side a peer with this session is. */
  Optional<Side> sideOf(NativePeer peer) {
    return java.util.Arrays.stream(Side.values())
        .filter(side -> side(side).peer == peer)
        .findFirst();
  }

  /** Asks the one side, and tells the other that it is asked. */
  void invite(long now) {
    Participant.Terms terms = side(Side.INITIATOR).agreed();
    if (waiting.isReachable()) {
      actions.tell(
          side(Side.RESPONDER).peer.name(),
          new FromServer.Invited(
              id,
              side(Side.INITIATOR).peer.name(),
              terms.ice(),
              terms.data(),
              limits.invitation()));
    }
    tellWaiting(now);
  }

  private void tellWaiting(long now) {
    if (isWaiting()) {
      deadlineNanos = waiting.deadlineNanos();
    }
    Participant initiator = side(Side.INITIATOR);
    actions.tell(
        initiator.peer.name(),
        new FromServer.Connecting(
            initiator.label,
            id,
            side(Side.RESPONDER).peer.name(),
            unheardFor(now),
            Duration.ofNanos(Math.max(0, deadlineNanos - now))));
  }

  private boolean isWaiting() {
    return planned.isEmpty() && ended.isEmpty();
  }

  /** A side's connection is lost. */
  void lost(Side side, long now) {
    if (isWaiting() && side == Side.RESPONDER) {
      waiting.lost(now);
      tellWaiting(now);
    }
  }

  /** Says so when an invited peer is silent, once. */
  void watch(long now) {
    if (isWaiting() && waiting.isNewlySilent(now)) {
      tellWaiting(now);
    }
  }

  /** For how long nothing has been heard of an invited peer, if that is why it did not answer. */
  Optional<Duration> unheardFor(long now) {
    return isWaiting() ? waiting.unheardFor(now) : Optional.empty();
  }

  /** Whether this is what a side has asked for, under this label. */
  boolean isAskedBy(NativePeer peer, FromPeer.Connect connect) {
    return side(Side.INITIATOR).peer == peer
        && side(Side.RESPONDER).peer.name().equals(connect.peer())
        && connect.id().isPresent()
        && side(Side.INITIATOR).label.equals(connect.id());
  }

  /** Both have agreed: makes the plan and tells both, with what can be done at once. */
  void plan(History history, Set<Method> withheld, Instant calendar, long now) {
    Peer initiator = side(Side.INITIATOR).peer.known(calendar);
    Peer responder = side(Side.RESPONDER).peer.known(calendar);
    Policy policy =
        side(Side.INITIATOR)
            .agreed()
            .wishes()
            .together(side(Side.RESPONDER).agreed().wishes())
            .without(withheld);
    Plan plan = explained(Planner.plan(initiator, responder, policy, history, attempt), withheld);
    Rendezvous rendezvous =
        new Rendezvous(
            plan,
            side(Side.INITIATOR).peer.roundTrip().oneWay(),
            side(Side.RESPONDER).peer.roundTrip().oneWay());
    planned = Optional.of(new Planned(initiator, responder, plan, rendezvous, now));
    deadlineNanos = now + lengthOf(plan).plus(limits.overdue()).toNanos();
    for (Side side : Side.values()) {
      tellPlan(side, Duration.ZERO);
    }
    bring(rendezvous.begin(seen(Side.INITIATOR), seen(Side.RESPONDER)));
  }

  private Rendezvous.Seen seen(Side side) {
    NativePeer peer = side(side).peer;
    return new Rendezvous.Seen(peer.udp(commonFamily()), peer.tcp());
  }

  private static Plan explained(Plan plan, Set<Method> withheld) {
    return new Plan(
        plan.steps(),
        plan.refusals().stream()
            .map(refusal ->
                withheld.contains(refusal.method())
                    ? new Plan.Refusal(
                        refusal.method(),
                        refusal.transport(),
                        "another search is under way behind the same address, and two would"
                            + " exhaust its NAT")
                    : refusal)
            .toList());
  }

  private IpAddress.Family commonFamily() {
    boolean both =
        java.util.Arrays.stream(Side.values())
            .allMatch(side -> side(side).peer.udp(IpAddress.Family.IPV4).isPresent());
    return both ? IpAddress.Family.IPV4 : IpAddress.Family.IPV6;
  }

  private static Duration lengthOf(Plan plan) {
    return plan.steps().stream()
        .map(step -> step.startsAfter().plus(step.budget()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private void tellPlan(Side side, Duration elapsed) {
    Planned made = planned.orElseThrow();
    Participant self = side(side);
    Participant other = side(side.other());
    Peer peer = made.side(side);
    Peer otherPeer = made.side(side.other());
    actions.tell(
        self.peer.name(),
        new FromServer.Planned(
            id,
            side,
            attempt,
            self.peer.side(peer, otherPeer),
            other.peer.side(otherPeer, peer),
            other.agreed().ice(),
            other.agreed().data(),
            elapsed.isZero() ? made.rendezvous().startAfter(side) : Duration.ZERO,
            elapsed,
            made.plan()));
  }

  private void bring(List<Rendezvous.Delivery> deliveries) {
    for (Rendezvous.Delivery delivery : deliveries) {
      Participant to = side(delivery.to());
      FromServer.Go go = new FromServer.Go(id, delivery.preparation(), delivery.startAfter());
      to.goes.add(go);
      actions.tell(to.peer.name(), go);
    }
  }

  /** A side is prepared for a step. */
  void ready(Side side, Preparation claimed) {
    planned.ifPresent(made -> {
      if (claimed.step() < made.plan().steps().size()) {
        Step step = made.plan().steps().get(claimed.step());
        bring(made.rendezvous().published(side, honest(side, step, claimed)));
      }
    });
  }

  /** Without what would direct packets at somebody else. */
  private Preparation honest(Side side, Step step, Preparation claimed) {
    List<IpAddress> observed = side(side).peer.observed();
    List<TransportAddress> endpoints =
        claimed.endpoints().stream()
            .filter(endpoint -> endpoint.port() > 0)
            .filter(endpoint ->
                step.method() == Method.RELAY
                    ? actions.isRelayed(endpoint)
                    : observed.contains(endpoint.address()))
            .toList();
    return new Preparation(
        claimed.step(),
        endpoints,
        claimed.range().filter(range -> observed.contains(range.lowest().address())));
  }

  void stepEnded(Side side, FromPeer.StepResult result) {
    if (result.step() < planned.map(made -> made.plan().steps().size()).orElse(0)) {
      side(side).results.putIfAbsent(result.step(), result);
    }
  }

  /** A side says how it ended; whether both have. */
  boolean done(Side side, FromPeer.Done done, long now) {
    if (planned.isEmpty()) {
      return false;
    }
    if (done.result() == FromPeer.Result.RELAYED && relayedAfter.isEmpty()) {
      relayedAfter = Optional.of(elapsed(now));
    }
    if (!side(side).isDone()) {
      side(side).done = Optional.of(done);
    }
    boolean both = side(side).isDone() && side(side.other()).isDone();
    if (side(side).isDone() && !both) {
      deadlineNanos = now + limits.secondOpinion().toNanos();
    }
    return both;
  }

  Duration elapsed(long now) {
    return planned.map(made -> Duration.ofNanos(now - made.sinceNanos())).orElse(Duration.ZERO);
  }

  /** Tells both, and remembers it for those that come back. */
  void end(FromServer.Ended how, long now) {
    ended = Optional.of(how);
    deadlineNanos = now + limits.memory().toNanos();
    sides.values().forEach(side -> actions.tell(side.peer.name(), how));
  }

  /** A side's connection is back: tells it again what it may have missed. */
  void returned(Side side, long now) {
    String name = side(side).peer.name();
    if (side == Side.INITIATOR && side(side).label.isPresent()) {
      // Its request may have come while the answer got lost.
      tellWaiting(now);
    }
    if (ended.isPresent()) {
      actions.tell(name, ended.get());
    } else if (planned.isPresent()) {
      // At least a millisecond, which tells a repetition from the first time.
      Duration elapsed = elapsed(now);
      tellPlan(side, elapsed.toMillis() > 0 ? elapsed : Duration.ofMillis(1));
      side(side)
          .goes
          .forEach(
              go -> actions.tell(name, new FromServer.Go(id, go.preparation(), Duration.ZERO)));
    } else if (side == Side.RESPONDER) {
      waiting.returned(now);
      invite(now);
    }
  }

  /** What to say when the time is over. */
  Ending overdue() {
    if (planned.isEmpty()) {
      return Ending.UNANSWERED;
    }
    boolean anybody = sides.values().stream().anyMatch(Participant::isDone);
    return anybody ? Verdict.of(this) : Ending.OVERDUE;
  }
}
