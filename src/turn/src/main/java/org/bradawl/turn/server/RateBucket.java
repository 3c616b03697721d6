package org.bradawl.turn.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A token bucket that shards share, as one number: the time until which what was granted is paid
 * for. Shards do not come for each packet but for a {@link Lease} of many.
 *
 * <p>Safe for threads, without locks.
 */
final class RateBucket {

  /** Video comes in bursts of a frame each 33 ms; a quarter of a second lets several pass. */
  private static final long BURST_NANOS = Duration.ofMillis(250).toNanos();

  /** A lease of 5 ms keeps shards from meeting here, and what they hold unused small. */
  private static final long LEASES_A_SECOND = 200;

  private static final long SMALLEST_LEASE = 1500;
  private static final long LARGEST_LEASE = 65_536;
  private static final long SECOND = 1_000_000_000L;

  private final LongSupplier bytesPerSecond;
  private final AtomicLong paidUntil;

  /**
   * A full bucket.
   *
   * @param bytesPerSecond the rate at any time, 0 for no bound; asked by every shard
   */
  RateBucket(LongSupplier bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.paidUntil = new AtomicLong(nowNanos);
  }

  boolean bounded() {
    return bytesPerSecond.getAsLong() != 0;
  }

  /**
   * Grants {@code bytes} or more, or nothing. A grant may run into debt, so that one datagram
   * larger than the burst still passes, and is paid for before the next one.
   */
  long grant(long bytes, long nowNanos) {
    long rate = bytesPerSecond.getAsLong();
    long lease = Math.clamp(rate / LEASES_A_SECOND, SMALLEST_LEASE, LARGEST_LEASE);
    long granted = Math.max(bytes, lease);
    if (rate == 0) {
      return granted;
    }
    long cost = Math.ceilDiv(granted * SECOND, rate);
    while (true) {
      long until = paidUntil.get();
      long from = until - nowNanos > 0 ? until : nowNanos;
      if (from - nowNanos >= BURST_NANOS) {
        return 0;
      }
      if (paidUntil.compareAndSet(until, from + cost)) {
        return granted;
      }
    }
  }

  /** In how many nanoseconds there is something to grant, at the rate of now. */
  long waitNanos(long nowNanos) {
    return Math.max(0, paidUntil.get() - nowNanos - BURST_NANOS + 1);
  }

  /** Whether all that was granted is paid for, so that a new bucket would be no different. */
  boolean isFull(long nowNanos) {
    return paidUntil.get() - nowNanos <= 0;
  }
}
