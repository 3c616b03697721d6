package org.bradawl.traversal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** The three words in one. */
    public String label() {
      return mapping + "/" + filtering + "/" + ports;
    }

    /** The kind that {@link #label} wrote; unknown if it did not. */
    public static Kind of(String label) {
      String[] words = label.split("/", -1);
      return words.length == 3
          ? new Kind(words[0], words[1], words[2])
          : new Kind("unknown", "unknown", "unknown");
    }
  }

  /**
   * Attempts of one method that ended alike, by the kinds of both NATs.
   *
   * @param count how many
   */
  public record Attempt(
      Kind initiator,
      Kind responder,
      Method method,
      Transport transport,
      boolean success,
      Instant when,
      long count) {

    /** One attempt. */
    public Attempt(
        Kind initiator,
        Kind responder,
        Method method,
        Transport transport,
        boolean success,
        Instant when) {
      this(initiator, responder, method, transport, success, when, 1);
    }
  }

  /** What is counted together; who asked whom makes no difference to the NATs. */
  private record Key(Kind one, Kind other, Method method, Transport transport) {

    static Key of(Kind a, Kind b, Method method, Transport transport) {
      boolean inOrder = a.label().compareTo(b.label()) <= 0;
      return inOrder ? new Key(a, b, method, transport) : new Key(b, a, method, transport);
    }
  }

  /** Weighted counts as they stood at a moment. */
  private record Tally(double successes, double all, Instant at) {

    Tally plus(Attempt attempt) {
      Instant latest = attempt.when().isAfter(at) ? attempt.when() : at;
      double earlier = weight(at, latest);
      double more = attempt.count() * weight(attempt.when(), latest);
      return new Tally(
          successes * earlier + (attempt.success() ? more : 0), all * earlier + more, latest);
    }
  }

  private final Map<Key, Tally> tallies;
  private final Instant now;

  private History(Map<Key, Tally> tallies, Instant now) {
    this.tallies = tallies;
    this.now = now;
  }

  /** The history as seen at {@code now}. */
  public History(List<Attempt> attempts, Instant now) {
    this(new HashMap<>(), now);
    attempts.forEach(this::count);
  }

  private void count(Attempt attempt) {
    Key key =
        Key.of(attempt.initiator(), attempt.responder(), attempt.method(), attempt.transport());
    Tally before = tallies.getOrDefault(key, new Tally(0, 0, attempt.when()));
    tallies.put(key, before.plus(attempt));
  }

  /** Nothing has been tried yet. */
  public static History none() {
    return new History(List.of(), Instant.EPOCH);
  }

  /** The same as seen at another time. */
  public History at(Instant later) {
    return new History(tallies, later);
  }

  /** The same with more attempts. */
  public History with(List<Attempt> more) {
    History richer = new History(new HashMap<>(tallies), now);
    more.forEach(richer::count);
    return richer;
  }

  /** The share of successes between such NATs, 0 to 1; one half where nothing is known. */
  public double chance(Kind initiator, Kind responder, Method method, Transport transport) {
    Tally tally = tallies.get(Key.of(initiator, responder, method, transport));
    if (tally == null) {
      return 0.5;
    }
    double weight = weight(tally.at(), now);
    return (PRIOR + weight * tally.successes()) / (2 * PRIOR + weight * tally.all());
  }

  private static double weight(Instant when, Instant then) {
    double age = Math.max(0, Duration.between(when, then).toSeconds());
    return Math.pow(0.5, age / HALF_LIFE.toSeconds());
  }
}
