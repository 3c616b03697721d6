package org.bradawl.traversal.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bradawl.nat.Report;
import org.bradawl.traversal.frame.Standing;

/**
 * A peer's report in one network, and how far it is believed.
 *
 * @param doubts what contradicts it
 */
public record Profile(
    Network network, Report report, Standing standing, List<String> doubts, Instant observed) {

  /** Routers are restarted, replaced and updated more seldom than people change networks. */
  public static final Duration FRESH = Duration.ofDays(1);

  /** What nobody confirmed is asked for again sooner. */
  private static final Duration FRESH_UNCONFIRMED = Duration.ofHours(1);

  /** A liar is not asked again at once, or it would be asked for ever. */
  private static final Duration FRESH_DOUBTED = Duration.ofMinutes(10);

  /** Belief halves in a week, and below a quarter nothing is planned on it. */
  private static final Duration HALF_LIFE = Duration.ofDays(7);

  private static final double LEAST_BELIEF = 0.25;

  /** Copies the list. */
  public Profile {
    doubts = List.copyOf(doubts);
  }

  /** The same with another standing. */
  public Profile standing(Standing newStanding) {
    return new Profile(network, report, newStanding, doubts, observed);
  }

  /** For how long after it was observed no other is wanted. */
  public Duration freshFor() {
    return switch (standing) {
      case CONFIRMED -> FRESH;
      case UNCONFIRMED -> FRESH_UNCONFIRMED;
      case DOUBTED -> FRESH_DOUBTED;
    };
  }

  /** How old it is. */
  public Duration age(Instant now) {
    Duration age = Duration.between(observed, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Whether no other is wanted. */
  public boolean isFresh(Instant now) {
    return age(now).compareTo(freshFor()) < 0;
  }

  /** How much of it is left after its age, 0 to 1. */
  public double belief(Instant now) {
    double weeks = age(now).toSeconds() / (double) HALF_LIFE.toSeconds();
    return standing == Standing.DOUBTED ? 0 : Math.pow(0.5, weeks);
  }

  /** What plans may rest on: the report, or nothing when it is doubted or too old. */
  public Report believed(Instant now) {
    return belief(now) < LEAST_BELIEF ? Report.unknown() : report;
  }
}
