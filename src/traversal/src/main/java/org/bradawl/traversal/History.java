package org.bradawl.traversal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bradawl.nat.Report;

/**
 * What earlier traversals between such NATs have taught. A success of long ago counts less than one
 * of today: NATs are replaced and reconfigured.
 */
public final class History {

  /** A month halves it: routers change slower than that, and carriers' settings faster. */
  private static final Duration HALF_LIFE = Duration.ofDays(30);

  /** As if each method had worked once and failed once: nothing is ever written off or certain. */
  private static final double PRIOR = 1;

  /** What kind of NAT, for counting: two hosts of one kind are expected to fare alike. */
  public record Kind(String mapping, String filtering, String ports) {

    /** The kind that a report describes. */
    public static Kind of(Report report) {
      return new Kind(
          report.mapping().label(), report.filtering().label(), report.portAllocation().label());
    }
  }

  /** One attempt of one method, by the kinds of both NATs. */
  public record Attempt(
      Kind initiator,
      Kind responder,
      Method method,
      Transport transport,
      boolean success,
      Instant when) {}

  private final List<Attempt> attempts;
  private final Instant now;

  /** The history as seen at {@code now}. */
  public History(List<Attempt> attempts, Instant now) {
    this.attempts = List.copyOf(attempts);
    this.now = now;
  }

  /** Nothing has been tried yet. */
  public static History none() {
    return new History(List.of(), Instant.EPOCH);
  }

  /** The share of successes between such NATs, 0 to 1; one half where nothing is known. */
  public double chance(Kind initiator, Kind responder, Method method, Transport transport) {
    double successes = PRIOR;
    double all = 2 * PRIOR;
    for (Attempt attempt : attempts) {
      if (attempt.method() == method
          && attempt.transport() == transport
          && isAlike(attempt, initiator, responder)) {
        double weight = weight(attempt.when());
        all += weight;
        successes += attempt.success() ? weight : 0;
      }
    }
    return successes / all;
  }

  /** Who asked whom makes no difference to the NATs. */
  private static boolean isAlike(Attempt attempt, Kind a, Kind b) {
    return (attempt.initiator().equals(a) && attempt.responder().equals(b))
        || (attempt.initiator().equals(b) && attempt.responder().equals(a));
  }

  private double weight(Instant when) {
    double age = Math.max(0, Duration.between(when, now).toSeconds());
    return Math.pow(0.5, age / HALF_LIFE.toSeconds());
  }
}
