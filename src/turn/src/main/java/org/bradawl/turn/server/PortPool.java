package org.bradawl.turn.server;

import java.util.BitSet;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * The ports of one relay address. Every port is free, or lent to one relay or reservation. Picks at
 * random, so that a port says nothing about the next one (RFC 8656 §7.2, RFC 6056).
 *
 * <p>Safe for threads: shards share it, and touch it once per allocation.
 */
public final class PortPool {

  private final int min;
  private final int size;
  private final BitSet lent;
  private final RandomGenerator random;
  private int free;

  /** A pool of the ports from {@code min} to {@code max}, both included. */
  public PortPool(int min, int max, RandomGenerator random) {
    this.min = min;
    this.size = max - min + 1;
    this.lent = new BitSet(size);
    this.random = random;
    this.free = size;
  }

  /** Lends a port. */
  public synchronized OptionalInt lend() {
    if (free == 0) {
      return OptionalInt.empty();
    }
    int start = random.nextInt(size);
    int index = lent.nextClearBit(start);
    return lendAt(index < size ? index : lent.nextClearBit(0));
  }

  /** Lends an even port (EVEN-PORT without a reservation). */
  public synchronized OptionalInt lendEven() {
    return search(false);
  }

  /** Lends an even port and the one above it; both are to be given back one by one. */
  public synchronized OptionalInt lendPair() {
    OptionalInt even = search(true);
    even.ifPresent(port -> lendAt(port + 1 - min));
    return even;
  }

  /**
   * Takes a port back.
   *
   * @throws IllegalStateException if it is not lent, which is a bug of the caller
   */
  public synchronized void giveBack(int port) {
    int index = port - min;
    if (index < 0 || index >= size || !lent.get(index)) {
      throw new IllegalStateException("port " + port + " is not lent");
    }
    lent.clear(index);
    free++;
  }

  /** How many ports are free. */
  public synchronized int free() {
    return free;
  }

  /** How many ports there are. */
  public int size() {
    return size;
  }

  /** One pass over the even ports from a random one, at most: a full pool must not cost a loop. */
  private OptionalInt search(boolean pair) {
    int firstEven = min & 1;
    int evens = (size - firstEven + 1) / 2;
    if (evens == 0) {
      return OptionalInt.empty();
    }
    int start = random.nextInt(evens);
    for (int i = 0; i < evens; i++) {
      int index = firstEven + 2 * ((start + i) % evens);
      if (!lent.get(index) && (!pair || isFree(index + 1))) {
        return lendAt(index);
      }
    }
    return OptionalInt.empty();
  }

  private boolean isFree(int index) {
    return index < size && !lent.get(index);
  }

  private OptionalInt lendAt(int index) {
    lent.set(index);
    free--;
    return OptionalInt.of(min + index);
  }
}
