package org.bradawl.datapath.portable;

/**
 * How many datagrams to read from a socket in one turn. Doubles while the socket has more and goes
 * back when it runs dry, so that a sparse socket is not asked in vain after each datagram and a
 * busy one does not starve the others.
 */
final class Budget {

  /** Enough to spread the cost of a selection thin; at 2 µs each, others wait a tenth of a ms. */
  private static final int MOST = 64;

  private int size = 1;

  int size() {
    return size;
  }

  void ranDry() {
    size = 1;
  }

  void usedUp() {
    size = Math.min(size * 2, MOST);
  }
}
