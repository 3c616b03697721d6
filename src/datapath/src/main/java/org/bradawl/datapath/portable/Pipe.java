package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a data connection. What the receiver does not take at once is held, a chunk at
 * the most, and nothing is read until that is gone: the sender's kernel then stops the sender.
 */
final class Pipe {

  /** How often a busy sender is read in one turn before the others get theirs. */
  private static final int READS = 4;

  /** The most bytes that are read in one turn. */
  static final int MOST = READS * ChunkPool.CHUNK;

  private final StreamWire from;
  private final StreamWire to;
  private final ChunkPool pool;
  private @Nullable ByteBuffer held;
  private boolean pooled;
  private boolean ended;
  private boolean closed;

  /**
   * A direction.
   *
   * @param first what goes before anything that is read
   */
  Pipe(StreamWire from, StreamWire to, ByteBuffer first, ChunkPool pool) {
    this.from = from;
    this.to = to;
    this.pool = pool;
    this.held = first.hasRemaining() ? first : null;
  }

  /**
   * Moves what can be moved.
   *
   * @param scratch any memory, for the time of the call
   * @param most how many bytes may be read
   * @return how many bytes were read
   */
  int move(ByteBuffer scratch, int most) throws IOException {
    int moved = 0;
    drain();
    for (int i = 0; i < READS && moved < most && wantsInput(); i++) {
      int room = Math.min(ChunkPool.CHUNK, most - moved);
      int length = from.read(scratch.clear().limit(room));
      if (length == 0) {
        break;
      }
      if (length < 0) {
        ended = true;
      } else {
        moved += length;
        pass(scratch.flip());
      }
    }
    if (ended && !wantsOutput() && !closed) {
      closed = true;
      to.finishOutput();
    }
    return moved;
  }

  private void drain() throws IOException {
    if (held != null) {
      to.write(held);
      if (!held.hasRemaining()) {
        letGo();
      }
    } else if (to.unsent()) {
      to.write(ByteBuffer.allocate(0));
    }
  }

  private void pass(ByteBuffer bytes) throws IOException {
    to.write(bytes);
    if (bytes.hasRemaining()) {
      held = pool.lend().put(bytes).flip();
      pooled = true;
    }
  }

  private void letGo() {
    if (pooled && held != null) {
      pool.giveBack(held);
    }
    held = null;
    pooled = false;
  }

  /** Whether more is to be read from the sender. */
  boolean wantsInput() {
    return !ended && !wantsOutput();
  }

  /** Whether something waits for the receiver to take it. */
  boolean wantsOutput() {
    return held != null || to.unsent();
  }

  /** Whether the sender has ended its side, and the receiver was told. */
  boolean closed() {
    return closed;
  }

  /** Whether the sender's wire holds input that its socket will not announce. */
  boolean moreAtOnce() {
    return wantsInput() && from.hasInput();
  }

  void discard() {
    letGo();
  }
}
