package org.bradawl.datapath.portable;

/**
 * How many datagrams to read from a socket in one turn. It grows while the socket has more and goes
 * back when the socket runs dry, so that a busy one does not starve the others; and it grows the
 * later the oftener it grew in vain, so that a sparse one is not asked in vain after each datagram.
 */
final class Budget {

  /** Enough to spread the cost of a selection thin; at 2 µs each, others wait a tenth of a ms. */
  private static final int MOST = 64;

  /** A vain read each eighth time costs a sparse socket little, and a burst is met soon enough. */
  private static final int MOST_PATIENCE = 8;

  private int size = 1;
  private int patience = 1;
  private int usedUp;

  int size() {
    return size;
  }

  /** The socket had fewer than the budget. */
  void ranDry() {
    if (size > 1) {
      size = 1;
      patience = Math.min(patience * 2, MOST_PATIENCE);
    }
    usedUp = 0;
  }

  /** The socket had as many as the budget, and may have more. */
  void usedUp() {
    if (size > 1) {
      patience = 1;
    }
    if (++usedUp >= patience) {
      size = Math.min(size * 2, MOST);
      usedUp = 0;
    }
  }
}
