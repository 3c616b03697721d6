package org.bradawl.signaling;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's sequence towards one peer: numbers frames and keeps them until they are
 * acknowledged.
 */
final class Outbox {

  /**
   * A frame that waits for its acknowledgement.
   *
   * @param origin who sent it; null for a failure, whose end nobody waits for
   * @param originSeq its number in the origin's sequence
   */
  record Kept(long seq, String text, @Nullable Session origin, long originSeq, long sinceNanos) {}

  private final ArrayDeque<Kept> kept = new ArrayDeque<>(0);
  private long last;
  private int characters;

  /** The number that the next frame will have. */
  long next() {
    return last + 1;
  }

  /** The number given last, or 0. */
  long last() {
    return last;
  }

  int size() {
    return kept.size();
  }

  int characters() {
    return characters;
  }

  /** Appends a frame that was written with the number {@link #next}. */
  void add(String text, @Nullable Session origin, long originSeq, long nowNanos) {
    last++;
    kept.add(new Kept(last, text, origin, originSeq, nowNanos));
    characters += text.length();
  }

  /** The oldest frame if it is numbered {@code upTo} or below; it is forgotten here. */
  @Nullable Kept take(long upTo) {
    Kept oldest = kept.peekFirst();
    if (oldest == null || oldest.seq() > upTo) {
      return null;
    }
    kept.removeFirst();
    characters -= oldest.text().length();
    return oldest;
  }

  /** The oldest frame, which stays. */
  @Nullable Kept oldest() {
    return kept.peekFirst();
  }

  void forEach(Consumer<Kept> action) {
    kept.forEach(action);
  }
}
