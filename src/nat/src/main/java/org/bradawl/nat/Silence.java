package org.bradawl.nat;

import java.util.Collection;

/**
 * When no answer is an answer. A lost packet and a filtered one look alike, so silence is believed
 * only after so many attempts that losing them all would be a one in a million coincidence at the
 * loss seen on requests that nothing filters.
 *
 * @param loss chance that an attempt goes unanswered with nothing in its way, estimated high
 * @param patienceNanos how old an attempt must be before its answer is given up
 */
record Silence(double loss, long patienceNanos) {

  /** One wrong verdict in a million; nobody checks a NAT that often. */
  private static final double TOLERATED_ERROR = 1e-6;

  /** Fewer attempts prove nothing, however good the network looked. */
  private static final int FEWEST_ATTEMPTS = 6;

  /** Covers a round trip to anywhere on earth by cable when no answer has been timed yet. */
  private static final long LEAST_PATIENCE_NANOS = 250_000_000L;

  /** What can be said with these attempts, all of which ought to be answered. */
  static Silence measured(Collection<Probe> unfiltered, long now) {
    long slowest =
        unfiltered.stream()
            .flatMap(probe -> probe.reply().stream())
            .mapToLong(Probe.Reply::roundTripNanos)
            .max()
            .orElse(0);
    // Twice the slowest seen: a queue that fills up while we ask doubles it at worst.
    long patience = LEAST_PATIENCE_NANOS + 2 * slowest;
    int asked = unfiltered.stream().mapToInt(probe -> probe.ripe(now, patience)).sum();
    int answered = unfiltered.stream().mapToInt(Probe::answered).sum();
    // Laplace's rule of succession: never certain, whatever the sample.
    return new Silence((asked - answered + 1.0) / (asked + 2.0), patience);
  }

  /** Whether the silence that {@code probe} met cannot be loss. */
  boolean proven(Probe probe, Probe control, long now) {
    int silent = probe.silentBeside(control, now, patienceNanos);
    return silent >= FEWEST_ATTEMPTS && Math.pow(loss, silent) <= TOLERATED_ERROR;
  }
}
