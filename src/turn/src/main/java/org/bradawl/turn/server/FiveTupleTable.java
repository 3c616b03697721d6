package org.bradawl.turn.server;

import java.util.Arrays;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Allocations by the client's path: open addressing. A path lies beside its allocation, and a shell
 * that keeps its clients' paths finds them by identity, so that a lookup reads one line of memory.
 */
final class FiveTupleTable {

  private static final int FIRST_CAPACITY = 16;

  private final long seed;

  /** A path in each even place, its allocation in the next. */
  private @Nullable Object[] entries = new Object[2 * FIRST_CAPACITY];

  private int size;

  /**
   * An empty table.
   *
   * @param seed stirs the hashes, so that nobody outside can choose paths that collide
   */
  FiveTupleTable(long seed) {
    this.seed = seed;
  }

  int size() {
    return size;
  }

  @Nullable Allocation get(FiveTuple path) {
    return (Allocation) entries[place(path) + 1];
  }

  /** Adds an allocation under its client's path, which must be free. */
  void add(Allocation allocation) {
    add(allocation.client(), allocation);
  }

  /** Adds an allocation under a path, which must be free. */
  void add(FiveTuple path, Allocation allocation) {
    if (4 * (size + 1) > entries.length) {
      grow();
    }
    int place = place(path);
    if (entries[place] != null) {
      throw new IllegalStateException("two allocations on one five-tuple");
    }
    set(place, path, allocation);
    size++;
  }

  /** Removes the allocation of this path. */
  void remove(FiveTuple path) {
    int place = place(path);
    if (entries[place] == null) {
      return;
    }
    size--;
    set(place, null, null);
    int next = place + 2 & entries.length - 1;
    // Those behind the hole are put in again, for probing would no longer find them.
    while (entries[next] instanceof FiveTuple moved) {
      Object value = entries[next + 1];
      set(next, null, null);
      set(place(moved), moved, value);
      next = next + 2 & entries.length - 1;
    }
  }

  /** Where this path is, or belongs. */
  private int place(FiveTuple path) {
    int mask = entries.length - 1;
    int place = hash(path) << 1 & mask;
    for (Object key = entries[place]; key != null && !path.equals(key); key = entries[place]) {
      place = place + 2 & mask;
    }
    return place;
  }

  private void set(int place, @Nullable FiveTuple path, @Nullable Object allocation) {
    entries[place] = path;
    entries[place + 1] = allocation;
  }

  private void grow() {
    @Nullable Object[] old = entries;
    entries = Arrays.copyOf(new Object[0], old.length * 2);
    for (int i = 0; i < old.length; i += 2) {
      if (old[i] instanceof FiveTuple path) {
        set(place(path), path, old[i + 1]);
      }
    }
  }

  private int hash(FiveTuple path) {
    long bits = mix(mix(seed, path.client()), path.server());
    return Hashing.fold(
        switch (path.transport()) {
          case UDP -> bits;
          case TCP -> ~bits;
          case TLS -> bits * 3;
          case DTLS -> bits * 5;
        });
  }

  private static long mix(long bits, TransportAddress address) {
    long mixed = Hashing.mix(bits ^ address.address().high());
    return Hashing.mix(Hashing.mix(mixed ^ address.address().low()) ^ address.port());
  }
}
