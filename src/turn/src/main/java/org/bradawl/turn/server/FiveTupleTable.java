package org.bradawl.turn.server;

import java.util.Arrays;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Allocations by the client's path: open addressing, hashes computed from the path's numbers and
 * kept beside the keys, so that a lookup compares one int and, on a match, one path.
 */
final class FiveTupleTable {

  private static final int FIRST_CAPACITY = 16;

  private final long seed;
  private int[] hashes = new int[FIRST_CAPACITY];
  private @Nullable FiveTuple[] paths = new FiveTuple[FIRST_CAPACITY];
  private @Nullable Allocation[] values = new Allocation[FIRST_CAPACITY];
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
    return values[slot(path, hash(path))];
  }

  /** Adds an allocation under its client's path, which must be free. */
  void add(Allocation allocation) {
    add(allocation.client(), allocation);
  }

  /** Adds an allocation under a path, which must be free. */
  void add(FiveTuple path, Allocation allocation) {
    if (2 * (size + 1) > values.length) {
      grow();
    }
    int hash = hash(path);
    int slot = slot(path, hash);
    if (values[slot] != null) {
      throw new IllegalStateException("two allocations on one five-tuple");
    }
    hashes[slot] = hash;
    paths[slot] = path;
    values[slot] = allocation;
    size++;
  }

  /** Removes the allocation of this path. */
  void remove(FiveTuple path) {
    int slot = slot(path, hash(path));
    if (values[slot] == null) {
      return;
    }
    size--;
    int mask = values.length - 1;
    int hole = slot;
    int next = slot + 1 & mask;
    for (Allocation moved = values[next]; moved != null; moved = values[next]) {
      if ((next - hashes[next] & mask) >= (next - hole & mask)) {
        values[hole] = moved;
        paths[hole] = paths[next];
        hashes[hole] = hashes[next];
        hole = next;
      }
      next = next + 1 & mask;
    }
    values[hole] = null;
    paths[hole] = null;
  }

  private int slot(FiveTuple path, int hash) {
    int mask = values.length - 1;
    int slot = hash & mask;
    for (Allocation held = values[slot]; held != null; held = values[slot]) {
      if (hashes[slot] == hash && path.equals(paths[slot])) {
        break;
      }
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldHashes = hashes;
    @Nullable Allocation[] oldValues = values;
    @Nullable FiveTuple[] oldPaths = paths;
    hashes = new int[oldHashes.length * 2];
    paths = Arrays.copyOf(new FiveTuple[0], oldPaths.length * 2);
    values = Arrays.copyOf(new Allocation[0], oldValues.length * 2);
    for (int i = 0; i < oldValues.length; i++) {
      Allocation allocation = oldValues[i];
      FiveTuple path = oldPaths[i];
      if (allocation != null && path != null) {
        int slot = slot(path, oldHashes[i]);
        paths[slot] = path;
        hashes[slot] = oldHashes[i];
        values[slot] = allocation;
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
