package org.bradawl.traversal.broker;

import java.time.Duration;

/** So many at once, then one after each interval. */
final class Pace {

  private final long intervalNanos;
  private final long burstNanos;
  private long fullAgainNanos;

  Pace(int burst, Duration interval, long now) {
    this.intervalNanos = interval.toNanos();
    this.burstNanos = intervalNanos * burst;
    this.fullAgainNanos = now;
  }

  /** Takes one, if there is one. */
  boolean take(long now) {
    long base = fullAgainNanos - now > 0 ? fullAgainNanos : now;
    if (base + intervalNanos - now > burstNanos) {
      return false;
    }
    fullAgainNanos = base + intervalNanos;
    return true;
  }
}
