package org.bradawl.datapath.linux;

/**
 * Whether a shard that has nothing to do for the moment should let datagrams gather before it looks
 * again. Under load a wait ends with the next datagram, some microseconds later, and each turn of
 * the loop then costs as much as the packets it moves; a pause makes one turn of several. Without
 * load nothing pauses, and a datagram never waits.
 */
final class Gathering {

  /**
   * A pause: at 100,000 packets a second, what ten turns would have fetched one by one, and little
   * beside the milliseconds that a packet spends on its way.
   */
  static final long PAUSE_NANOS = 50_000;

  /** Load is judged by such stretches, so that a burst's first packets are answered at once. */
  static final long STRETCH_NANOS = 1_000_000;

  /** Reads that brought something in a stretch which show load: 60,000 packets a second. */
  static final int BUSY = 60;

  private long stretchFrom;
  private int inStretch;
  private boolean busy;

  /** So many datagrams, or runs, came at this time. */
  void came(int count, long now) {
    look(now);
    inStretch += count;
  }

  /** Whether to pause instead of waiting for the next datagram. */
  boolean pays(long now) {
    look(now);
    return busy;
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
