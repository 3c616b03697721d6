package org.bradawl.datapath;

/**
 * Whether a shard should let datagrams gather before it looks again. Under load a turn of the loop
 * that moves four packets costs nearly as much as one that moves forty, and tears apart what could
 * have gone to the kernel as one run; a pause makes one turn of several. Without load nothing
 * pauses, and a datagram never waits. A turn that was full is not followed by a pause either, so
 * that a shard with more work than time never rests.
 */
public final class Gathering {

  /**
   * A pause: at 200,000 packets a second, ten of them, and little beside the milliseconds that a
   * packet spends on its way. Shorter ones gather too little to pay for the sleep.
   */
  public static final long PAUSE_NANOS = 50_000;

  /** Load is judged by such stretches, so that a burst's first packets are answered at once. */
  static final long STRETCH_NANOS = 1_000_000;

  /** Reads that brought something in a stretch which show load: 60,000 packets a second. */
  static final int BUSY = 60;

  /** What a turn moves that need not gather more: what one read of a listener brings at most. */
  static final int ENOUGH = 64;

  /**
   * A pause that took so long was not worth it: this system cannot sleep for less, or something
   * else wants the processor.
   */
  static final long OVERSLEPT_NANOS = 1_000_000;

  /** How long nothing pauses after that; each further time in a row twice as long. */
  static final long FIRST_ABSTENTION_NANOS = 100_000_000;

  /** With pauses of 15 ms, as some systems make them, this bounds what they cost to one in 4000. */
  static final long LONGEST_ABSTENTION_NANOS = 60_000_000_000L;

  private long abstention = FIRST_ABSTENTION_NANOS;
  private long abstainsSince;
  private boolean abstains;
  private long stretchFrom;
  private int inStretch;
  private int inTurn;
  private boolean busy;

  /** So many datagrams, or runs, came at this time. */
  public void came(int count, long now) {
    look(now);
    inStretch += count;
    inTurn += count;
  }

  /** Whether to pause between the turn that ends now and the next. */
  public boolean pays(long now) {
    look(now);
    boolean few = inTurn < ENOUGH;
    inTurn = 0;
    if (abstains && now - abstainsSince >= abstention) {
      abstains = false;
      abstention = Math.min(2 * abstention, LONGEST_ABSTENTION_NANOS);
    }
    return busy && few && !abstains;
  }

  /** A pause began and ended at these times. */
  public void paused(long from, long until) {
    if (until - from < OVERSLEPT_NANOS) {
      abstention = FIRST_ABSTENTION_NANOS;
    } else {
      abstains = true;
      abstainsSince = until;
    }
  }

  private void look(long now) {
    long elapsed = now - stretchFrom;
    if (elapsed >= STRETCH_NANOS) {
      // After a quiet time, what came before it says nothing.
      busy = elapsed < 2 * STRETCH_NANOS && inStretch >= BUSY;
      stretchFrom = now;
      inStretch = 0;
    }
  }
}
