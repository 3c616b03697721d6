package org.bradawl.turn.server;

/**
 * What one shard may spend of a {@link RateBucket} without asking it. Belongs to the shard's
 * thread.
 */
final class Lease {

  private final RateBucket bucket;
  private long left;
  private int holders;

  Lease(RateBucket bucket) {
    this.bucket = bucket;
  }

  /** Whether so many bytes may be spent; fetches more where needed. Spends nothing. */
  boolean covers(int bytes, long nowNanos) {
    if (left >= bytes || !bucket.bounded()) {
      return true;
    }
    left += bucket.grant(bytes - left, nowNanos);
    return left >= bytes;
  }

  void spend(int bytes) {
    if (left >= bytes) {
      left -= bytes; // what is not covered was unbounded
    }
  }

  /**
   * How many bytes of a stream may be taken now, {@code most} at the most, 0 if the bound is
   * reached. Asks for little at a time: a stream comes in any portions.
   */
  int available(int most, long nowNanos) {
    if (!bucket.bounded()) {
      return most;
    }
    if (left <= 0) {
      left += bucket.grant(1 - left, nowNanos);
    }
    return Math.clamp(left, 0, most);
  }

  /** In how many nanoseconds {@link #available} says more than 0. */
  long waitNanos(long nowNanos) {
    return left > 0 || !bucket.bounded() ? 0 : bucket.waitNanos(nowNanos);
  }

  /** Spends what was taken of a stream; what was not available before is owed. */
  void take(int bytes) {
    if (bucket.bounded()) {
      left -= bytes;
    }
  }

  void hold() {
    holders++;
  }

  /** One holder less; whether that was the last one. */
  boolean release() {
    return --holders == 0;
  }
}
