package org.bradawl.datapath.linux;

/**
 * Whether a shard should let datagrams gather before it looks again. Under load a turn of the loop
 * that moves four packets costs nearly as much as one that moves forty, and tears apart what could
 * have gone to the kernel as one run; a pause makes one turn of several. Without load nothing
 * pauses, and a datagram never waits. A turn that was full is not followed by a pause either, so
 * that a shard with more work than time never rests.
 */
final class Gathering {

  /**
   * A pause: at 200,000 packets a second, ten of them, and little beside the milliseconds that a
   * packet spends on its way. Shorter ones gather too little to pay for the sleep.
   */
  static final long PAUSE_NANOS = 50_000;

  /** Load is judged by such stretches, so that a burst's first packets are answered at once. */
  static final long STRETCH_NANOS = 1_000_000;

  /** Reads that brought something in a stretch which show load: 60,000 packets a second. */
  static final int BUSY = 60;

  /** What a turn moves that need not gather more: what one read of a listener brings at most. */
  static final int ENOUGH = 64;

  private long stretchFrom;
  private int inStretch;
  private int inTurn;
  private boolean busy;

  /** So many datagrams, or runs, came at this time. */
  void came(int count, long now) {
    look(now);
    inStretch += count;
    inTurn += count;
  }

  /** Whether to pause between the turn that ends now and the next. */
  boolean pays(long now) {
    look(now);
    boolean few = inTurn < ENOUGH;
    inTurn = 0;
    return busy && few;
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
