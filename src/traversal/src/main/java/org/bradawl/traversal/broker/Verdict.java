package org.bradawl.traversal.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.bradawl.nat.LegacyType;
import org.bradawl.nat.Report;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Explanation;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Step;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.broker.MeetingRecord.Tried;
import org.bradawl.traversal.frame.Ending;
import org.bradawl.traversal.frame.FromPeer;

/** What became of a {@link Meeting}: for the peers, for the record, and for the history. */
final class Verdict {

  private final Meeting meeting;
  private final Ending ending;
  private final String why;
  private final Duration took;
  private final Optional<Duration> unheard;
  private final Optional<Step> winner;

  /**
   * A verdict.
   *
   * @param why what a side gave as its reason, for endings that have one
   */
  Verdict(Meeting meeting, Ending ending, String why, long now) {
    this.meeting = meeting;
    this.ending = ending;
    this.why = why;
    this.took = ownTime().orElseGet(() -> meeting.elapsed(now));
    this.unheard = meeting.unheardFor(now);
    this.winner = ending.isConnected() ? winner() : Optional.empty();
  }

  /** How it ended by what the sides have said. One side's word counts if the other is silent. */
  static Ending of(Meeting meeting) {
    List<FromPeer.Result> told =
        Arrays.stream(Side.values())
            .map(side -> meeting.side(side).done)
            .flatMap(Optional::stream)
            .filter(FromPeer.Done::last)
            .map(FromPeer.Done::result)
            .distinct()
            .toList();
    if (told.size() != 1) {
      return told.isEmpty() ? Ending.OVERDUE : Ending.DISAGREED;
    }
    return switch (told.getFirst()) {
      case CONNECTED -> Ending.CONNECTED;
      case RELAYED -> Ending.RELAYED;
      case FAILED -> Ending.FAILED;
    };
  }

  private Stream<FromPeer.Done> dones() {
    return Arrays.stream(Side.values())
        .map(side -> meeting.side(side).done)
        .flatMap(Optional::stream);
  }

  /** What the initiator measured, or else the responder. */
  private Optional<Duration> ownTime() {
    return dones().map(FromPeer.Done::took).flatMap(Optional::stream).findFirst();
  }

  private Optional<Step> winner() {
    if (ending == Ending.RELAYED) {
      return steps().filter(step -> step.method() == Method.RELAY).findFirst();
    }
    OptionalInt number =
        dones()
            .map(FromPeer.Done::step)
            .filter(OptionalInt::isPresent)
            .findFirst()
            .orElseGet(OptionalInt::empty);
    return number.isPresent()
        ? steps().filter(step -> step.number() == number.getAsInt()).findFirst()
        : Optional.empty();
  }

  private Stream<Step> steps() {
    return meeting.planned().stream().flatMap(made -> made.plan().steps().stream());
  }

  Ending ending() {
    return ending;
  }

  Duration took() {
    return took;
  }

  Optional<Method> path() {
    return winner.map(Step::method);
  }

  Optional<Transport> transport() {
    return winner.map(Step::transport);
  }

  /** Whether there is a path without the relay. */
  boolean isDirect() {
    return ending == Ending.CONNECTED && path().filter(Method.RELAY::equals).isEmpty();
  }

  /** Whether something direct was tried and did not come about. */
  boolean triedInVain() {
    boolean tried = steps().anyMatch(step -> step.method() != Method.RELAY);
    return switch (ending) {
      case RELAYED, FAILED, DISAGREED, OVERDUE -> tried;
      case CONNECTED -> tried && !isDirect();
      case REFUSED, UNANSWERED, CANCELLED, PEER_GONE -> false;
    };
  }

  List<String> explanation() {
    return meeting
        .planned()
        .map(made ->
            Explanation.of(made.initiator(), made.responder(), made.plan(), outcome())
                .withResults(results())
                .summedUp(summary(made)))
        .map(Explanation::sentences)
        .orElseGet(() -> List.of(plainly()));
  }

  private String summary(Meeting.Planned made) {
    return switch (ending) {
      case CONNECTED, RELAYED, FAILED ->
          Explanation.of(made.initiator(), made.responder(), made.plan(), outcome()).summary();
      case DISAGREED, REFUSED, UNANSWERED, CANCELLED, PEER_GONE, OVERDUE -> plainly();
    };
  }

  private Outcome outcome() {
    return switch (ending) {
      case CONNECTED ->
          winner
              .<Outcome>map(step ->
                  new Outcome.Connected(
                      step,
                      step.transport(),
                      0,
                      remote().orElse(new TransportAddress(org.bradawl.stun.IpAddress.v4(0), 0)),
                      took))
              .orElseGet(() -> new Outcome.Failed(took));
      case RELAYED ->
          winner
              .<Outcome>map(step -> new Outcome.Relayed(step, took))
              .orElseGet(() -> new Outcome.Failed(took));
      case FAILED, DISAGREED, REFUSED, UNANSWERED, CANCELLED, PEER_GONE, OVERDUE ->
          new Outcome.Failed(took);
    };
  }

  private String plainly() {
    String initiator = meeting.side(Side.INITIATOR).peer.name();
    String responder = meeting.side(Side.RESPONDER).peer.name();
    String reason = why.isBlank() ? "" : ": " + why.strip();
    return switch (ending) {
      case CONNECTED -> initiator + " and " + responder + " are connected.";
      case RELAYED -> initiator + " and " + responder + " are connected through the server.";
      case FAILED -> initiator + " and " + responder + " could not be connected.";
      case DISAGREED ->
          "%s and %s told different ends: %s."
              .formatted(initiator, responder, String.join(" and ", toldBy()));
      case REFUSED -> responder + " did not want to be connected to " + initiator + reason + ".";
      case UNANSWERED ->
          unheard
              .map(time ->
                  "%s was not there to answer %s: nothing has been heard of it for %d s."
                      .formatted(responder, initiator, time.toSeconds()))
              .orElse(responder + " did not answer " + initiator + "'s invitation.");
      case CANCELLED -> "It was given up" + reason + ".";
      case PEER_GONE -> "It ended because " + why + " left.";
      case OVERDUE -> "Neither " + initiator + " nor " + responder + " said how it ended.";
    };
  }

  private List<String> toldBy() {
    return Arrays.stream(Side.values())
        .flatMap(side ->
            meeting.side(side).done.stream()
                .map(done -> meeting.side(side).peer.name() + " said " + done.result().label()))
        .toList();
  }

  private List<String> results() {
    return tried().stream()
        .filter(step -> step.outcome() == FromPeer.StepOutcome.FAILED && !step.why().isBlank())
        .map(step ->
            "It failed after %d ms: %s (%s)."
                .formatted(step.took().toMillis(), step.method().words(), step.why()))
        .toList();
  }

  private Optional<TransportAddress> remote() {
    return meeting.side(Side.INITIATOR).done.flatMap(FromPeer.Done::remote);
  }

  /** The steps as they went, as both sides tell it or else as it follows from the end. */
  List<Tried> tried() {
    List<Tried> tried = new ArrayList<>();
    steps().forEach(step -> tried.add(tried(step)));
    return tried;
  }

  private Tried tried(Step step) {
    List<FromPeer.StepResult> told =
        Arrays.stream(Side.values())
            .flatMap(
                side -> Optional.ofNullable(meeting.side(side).results.get(step.number())).stream())
            .toList();
    FromPeer.StepOutcome outcome = outcome(step, told);
    Duration ran = took.minus(step.startsAfter());
    Duration most = ran.isNegative() ? Duration.ZERO : ran;
    Optional<FromPeer.StepResult> first = told.stream().findFirst();
    return new Tried(
        step.method(),
        step.transport(),
        step.startsAfter(),
        first
            .flatMap(FromPeer.StepResult::took)
            .orElse(most.compareTo(step.budget()) < 0 ? most : step.budget()),
        outcome,
        first.flatMap(FromPeer.StepResult::local),
        first.flatMap(FromPeer.StepResult::remote),
        told.stream()
            .map(FromPeer.StepResult::why)
            .filter(reason -> !reason.isBlank())
            .findFirst()
            .orElse(""));
  }

  private FromPeer.StepOutcome outcome(Step step, List<FromPeer.StepResult> told) {
    if (winner.filter(step::equals).isPresent()) {
      return FromPeer.StepOutcome.SUCCEEDED;
    }
    boolean relayUsed = step.method() == Method.RELAY && meeting.relayedAfter().isPresent();
    if (relayUsed) {
      return FromPeer.StepOutcome.SUCCEEDED;
    }
    boolean failed =
        told.stream().anyMatch(result -> result.outcome() == FromPeer.StepOutcome.FAILED);
    boolean hadItsTime = took.compareTo(step.startsAfter().plus(step.budget())) >= 0;
    return failed || (told.isEmpty() && hadItsTime)
        ? FromPeer.StepOutcome.FAILED
        : FromPeer.StepOutcome.NOT_NEEDED;
  }

  /**
   * What it teaches of such NATs. Only what both sides say alike, of NATs that are believed to be
   * known: one that lies alone teaches nothing.
   */
  private List<History.Attempt> lessons(Instant now) {
    boolean both = dones().filter(FromPeer.Done::last).count() == 2;
    boolean agreed = ending == Ending.CONNECTED || ending == Ending.RELAYED;
    if (!both || !(agreed || ending == Ending.FAILED) || meeting.planned().isEmpty()) {
      return List.of();
    }
    return tried().stream()
        .filter(step ->
            step.method() != Method.RELAY && step.outcome() != FromPeer.StepOutcome.NOT_NEEDED)
        .map(step ->
            new History.Attempt(
                kind(Side.INITIATOR),
                kind(Side.RESPONDER),
                step.method(),
                step.transport(),
                step.outcome() == FromPeer.StepOutcome.SUCCEEDED,
                now))
        .toList();
  }

  private Report report(Side side) {
    return meeting.planned().map(made -> made.side(side).nat()).orElseGet(Report::unknown);
  }

  private History.Kind kind(Side side) {
    return History.Kind.of(report(side));
  }

  private String nat(Side side) {
    LegacyType type = report(side).legacyType();
    boolean unknown = report(side).equals(Report.unknown());
    return unknown ? "unknown" : type.label();
  }

  MeetingRecord record(Instant now) {
    return new MeetingRecord(
        meeting.id(),
        meeting.side(Side.INITIATOR).peer.name(),
        meeting.side(Side.RESPONDER).peer.name(),
        meeting.attempt(),
        meeting.started(),
        now,
        took,
        ending,
        path(),
        transport(),
        meeting.side(Side.INITIATOR).done.flatMap(FromPeer.Done::local),
        remote(),
        nat(Side.INITIATOR),
        nat(Side.RESPONDER),
        kind(Side.INITIATOR),
        kind(Side.RESPONDER),
        meeting.relayedAfter(),
        tried(),
        explanation(),
        lessons(now));
  }
}
