package org.bradawl.turn.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;

/**
 * Lets only so many replies out to each prefix of unproven sources, over all shards, so that the
 * server is no reflector: an attacker who writes a victim's address into requests gets little sent
 * there.
 *
 * <p>The memory is fixed. A prefix is a cell of a table by a hash that nobody outside can compute;
 * two that share one share its bound, which matters only to those above half of it. A flood from
 * everywhere would have to be {@value #CELLS} times the bound to keep others from being answered.
 *
 * <p>Safe for threads, without locks; touched for replies to unproven sources over UDP only. What
 * came over a connection has proved where it comes from.
 */
public final class ReplyLimit {

  /** Half a megabyte for each of two tables. */
  static final int CELLS = 65_536;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** A page that opens several connections asks for all its replies at once. */
  private static final long BURST = Duration.ofSeconds(2).toNanos();

  private static final long PREFIX_V6 = -1L << 16; // 48 of the upper 64 bits
  private static final long PREFIX_V4 = -1L << 8;

  private final long seed;
  private final AtomicLongArray replies = new AtomicLongArray(CELLS);
  private final AtomicLongArray redirected = new AtomicLongArray(CELLS);
  private volatile ReplyBounds bounds;

  /**
   * No reply sent yet.
   *
   * @param random stirs the hashes; not predictable
   */
  public ReplyLimit(ReplyBounds bounds, RandomGenerator random) {
    this.bounds = bounds;
    this.seed = random.nextLong();
  }

  /** Changes the bounds. */
  public void bounds(ReplyBounds changed) {
    bounds = changed;
  }

  /**
   * Whether a reply may go to {@code back}; it counts if so.
   *
   * @param isRedirected whether it goes another way than the request came
   */
  boolean admits(FiveTuple back, boolean isRedirected, long nowNanos) {
    ReplyBounds current = bounds;
    IpAddress target = EmbeddedIpv4.unwrap(back.client().address());
    if (isExempt(current, target)) {
      return true;
    }
    int cell = cell(target);
    return (!isRedirected || take(redirected, cell, current.redirectedPerSecond(), nowNanos))
        && take(replies, cell, current.perSecond(), nowNanos);
  }

  private static boolean isExempt(ReplyBounds bounds, IpAddress address) {
    for (int i = 0; i < bounds.exempt().size(); i++) { // no iterator: asked for each reply
      if (bounds.exempt().get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }

  private int cell(IpAddress address) {
    long prefix =
        switch (address.family()) {
          case IPV4 -> Hashing.mix(seed ^ (address.low() & PREFIX_V4));
          case IPV6 -> Hashing.mix(~seed ^ (address.high() & PREFIX_V6));
        };
    return Hashing.fold(prefix) & (CELLS - 1);
  }

  /**
   * A cell holds the time until which its replies are paid for. Zero is one that was never used:
   * the monotonic clock may have any value.
   */
  private static boolean take(AtomicLongArray cells, int cell, int perSecond, long nowNanos) {
    if (perSecond == 0) {
      return true;
    }
    while (true) {
      long until = cells.get(cell);
      long from = until != 0 && until - nowNanos > 0 ? until : nowNanos;
      if (from - nowNanos >= BURST) {
        return false;
      }
      long paid = from + SECOND / perSecond;
      if (cells.compareAndSet(cell, until, paid == 0 ? 1 : paid)) {
        return true;
      }
    }
  }
}
