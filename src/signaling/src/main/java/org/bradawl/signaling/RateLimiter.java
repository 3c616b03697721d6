package org.bradawl.signaling;

/**
 * A token bucket in one number (the generic cell rate algorithm): the time at which the bucket will
 * be full again.
 */
final class RateLimiter {

  private final long nanosPerFrame;
  private final long burstNanos;
  private long fullAgainNanos;

  RateLimiter(int framesPerSecond, int burst, long nowNanos) {
    this.nanosPerFrame = 1_000_000_000L / framesPerSecond;
    this.burstNanos = nanosPerFrame * burst;
    this.fullAgainNanos = nowNanos;
  }

  /** Takes one frame's worth, if there is as much. */
  boolean take(long nowNanos) {
    long base = fullAgainNanos - nowNanos > 0 ? fullAgainNanos : nowNanos;
    if (base + nanosPerFrame - nowNanos > burstNanos) {
      return false;
    }
    fullAgainNanos = base + nanosPerFrame;
    return true;
  }
}
