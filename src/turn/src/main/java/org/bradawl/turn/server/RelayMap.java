package org.bradawl.turn.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A hash table by {@link RelayId} for the relaying path, of machines and of their shells: open
 * addressing with linear probing. A key lies beside its value, and whoever kept the key finds it by
 * identity, so that a search reads one line of memory and makes nothing.
 *
 * @param <V> never null
 */
public final class RelayMap<V> {

  private static final int FIRST_CAPACITY = 16;

  private final long seed;

  /** A key in each even place, its value in the next. */
  private @Nullable Object[] entries = new Object[2 * FIRST_CAPACITY];

  private int size;

  /**
   * An empty table.
   *
   * @param seed stirs the hashes, so that nobody outside can choose keys that collide
   */
  public RelayMap(long seed) {
    this.seed = seed;
  }

  /** What has this key, or null. */
  public @Nullable V get(RelayId relay) {
    return value(place(relay));
  }

  /** Adds, or replaces what has the same key. */
  public void put(RelayId relay, V value) {
    int place = place(relay);
    if (entries[place] == null) {
      if (4 * (size + 1) > entries.length) {
        grow();
        place = place(relay);
      }
      size++;
    }
    entries[place] = relay;
    entries[place + 1] = value;
  }

  /** Removes and returns what has this key, or null. */
  public @Nullable V remove(RelayId relay) {
    int hole = place(relay);
    V removed = value(hole);
    if (removed == null) {
      return null;
    }
    size--;
    entries[hole] = null;
    entries[hole + 1] = null;
    int next = hole + 2 & entries.length - 1;
    // Those behind the hole are put in again, for probing would no longer find them.
    while (entries[next] instanceof RelayId moved) {
      Object value = entries[next + 1];
      entries[next] = null;
      entries[next + 1] = null;
      int place = place(moved);
      entries[place] = moved;
      entries[place + 1] = value;
      next = next + 2 & entries.length - 1;
    }
    return removed;
  }

  /** Where this key is, or belongs. */
  private int place(RelayId relay) {
    int mask = entries.length - 1;
    int place = Hashing.fold(Hashing.mix(seed ^ relay.value())) << 1 & mask;
    for (Object key = entries[place]; key != null && !relay.equals(key); key = entries[place]) {
      place = place + 2 & mask;
    }
    return place;
  }

  private void grow() {
    @Nullable Object[] old = entries;
    entries = Arrays.copyOf(new Object[0], old.length * 2);
    for (int i = 0; i < old.length; i += 2) {
      if (old[i] instanceof RelayId relay) {
        int place = place(relay);
        entries[place] = relay;
        entries[place + 1] = old[i + 1];
      }
    }
  }

  @SuppressWarnings("unchecked") // only put() fills the array, and it takes a V
  private @Nullable V value(int place) {
    return (V) entries[place + 1];
  }
}
