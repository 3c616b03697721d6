package org.bradawl.turn.server;

/**
 * How much may be relayed: application bytes a second, both directions together. 0 stands for no
 * bound.
 *
 * <p>A datagram over a bound is dropped, as a full link would, and counted by the bound that
 * refused it. A relayed TCP connection (RFC 6062) is not read while a bound is reached, so that its
 * sender waits and nothing is lost. A bound holds over any time longer than a quarter of a second,
 * which may begin with a burst of as much.
 *
 * @param total of all allocations together
 * @param perApplication of all allocations of one application's peers
 * @param perUser of all allocations of one user
 * @param perAllocation of one allocation
 */
public record Rates(long total, long perApplication, long perUser, long perAllocation) {

  /** More is beyond every network interface, and beyond what is counted in nanoseconds exactly. */
  public static final long MOST = 100_000_000_000L;

  /** No bounds. */
  public static final Rates UNLIMITED = new Rates(0, 0, 0, 0);

  /** Rejects what is negative or more than {@link #MOST}. */
  public Rates {
    if (Math.min(Math.min(total, perApplication), Math.min(perUser, perAllocation)) < 0
        || Math.max(Math.max(total, perApplication), Math.max(perUser, perAllocation)) > MOST) {
      throw new IllegalArgumentException("a rate lies between 0 and " + MOST);
    }
  }

  /** Whether there is a bound at all. */
  public boolean bounded() {
    return !equals(UNLIMITED);
  }
}
