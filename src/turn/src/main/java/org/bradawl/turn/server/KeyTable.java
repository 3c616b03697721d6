package org.bradawl.turn.server;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A hash table from up to three longs to objects, for the relaying path: open addressing with
 * linear probing, so that looking up makes no object and follows one array. Keys that need less
 * leave the rest zero.
 *
 * @param <V> never null
 */
final class KeyTable<V> {

  private static final int KEY_LONGS = 3;

  /** Most tables belong to an allocation, and most of those ever have one entry. */
  private static final int FIRST_CAPACITY = 2;

  private final long seed;
  private long[] keys = new long[FIRST_CAPACITY * KEY_LONGS];
  private @Nullable Object[] values = new Object[FIRST_CAPACITY];
  private int size;

  /**
   * An empty table.
   *
   * @param seed stirs the hashes, so that nobody outside can choose keys that collide
   */
  KeyTable(long seed) {
    this.seed = seed;
  }

  int size() {
    return size;
  }

  @Nullable V get(long a, long b, long c) {
    return value(slot(a, b, c));
  }

  /** Adds, or replaces what has the same key. */
  void put(long a, long b, long c, V value) {
    int slot = slot(a, b, c);
    if (values[slot] == null) {
      if (2 * (size + 1) > values.length) {
        grow();
        slot = slot(a, b, c);
      }
      size++;
    }
    set(slot, a, b, c, value);
  }

  /** Removes and returns what has this key. */
  @Nullable V remove(long a, long b, long c) {
    int slot = slot(a, b, c);
    V removed = value(slot);
    if (removed != null) {
      clear(slot);
    }
    return removed;
  }

  /** Removes every value that {@code condition} holds for. It must not touch the table. */
  void removeIf(Predicate<? super V> condition) {
    int slot = 0;
    while (slot < values.length) {
      V value = value(slot);
      if (value != null && condition.test(value)) {
        clear(slot); // may have moved another value here, so the slot is looked at again
      } else {
        slot++;
      }
    }
  }

  /** Passes every value, in no order. */
  void forEach(Consumer<? super V> action) {
    for (int slot = 0; slot < values.length; slot++) {
      V value = value(slot);
      if (value != null) {
        action.accept(value);
      }
    }
  }

  /** The slot with this key, or the free one where it belongs. */
  private int slot(long a, long b, long c) {
    int mask = values.length - 1;
    int slot = hash(a, b, c) & mask;
    while (values[slot] != null && !holds(slot, a, b, c)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean holds(int slot, long a, long b, long c) {
    int at = slot * KEY_LONGS;
    return keys[at] == a && keys[at + 1] == b && keys[at + 2] == c;
  }

  private void set(int slot, long a, long b, long c, Object value) {
    int at = slot * KEY_LONGS;
    keys[at] = a;
    keys[at + 1] = b;
    keys[at + 2] = c;
    values[slot] = value;
  }

  /** Empties a slot and moves back those behind it that probing would no longer find. */
  private void clear(int slot) {
    int mask = values.length - 1;
    int hole = slot;
    int next = slot;
    size--;
    while (true) {
      values[hole] = null;
      Object candidate;
      int home;
      do {
        next = next + 1 & mask;
        candidate = values[next];
        if (candidate == null) {
          return;
        }
        int at = next * KEY_LONGS;
        home = hash(keys[at], keys[at + 1], keys[at + 2]) & mask;
      } while ((next - home & mask) < (next - hole & mask));
      int at = next * KEY_LONGS;
      set(hole, keys[at], keys[at + 1], keys[at + 2], candidate);
      hole = next;
    }
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = Arrays.copyOf(new Object[0], oldValues.length * 2);
    for (int i = 0; i < oldValues.length; i++) {
      Object value = oldValues[i];
      if (value != null) {
        int at = i * KEY_LONGS;
        set(
            slot(oldKeys[at], oldKeys[at + 1], oldKeys[at + 2]),
            oldKeys[at],
            oldKeys[at + 1],
            oldKeys[at + 2],
            value);
      }
    }
  }

  @SuppressWarnings("unchecked") // only put() fills the array, and it takes a V
  private @Nullable V value(int slot) {
    return (V) values[slot];
  }

  private int hash(long a, long b, long c) {
    return Hashing.fold(Hashing.mix(Hashing.mix(Hashing.mix(seed ^ a) ^ b) ^ c));
  }
}
