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

  void hold() {
    holders++;
  }

  /** One holder less; whether that was the last one. */
  boolean release() {
    return --holders == 0;
  }
}
