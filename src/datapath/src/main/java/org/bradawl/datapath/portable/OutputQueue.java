package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What waits to be written to one stream client. Bounded: relayed data beyond the bound is dropped,
 * as it would be on a congested path (RFC 8656 §3.1 lets a relay drop), while answers have a
 * reserve of their own, because on a stream they are not asked for twice.
 */
final class OutputQueue {

  /** A second of a 2 Mbit/s call; more would only arrive too late. */
  static final int DATA_BOUND = 256 * 1024;

  /** Hundreds of answers: a client that lets those pile up does not read at all. */
  static final int ANSWER_RESERVE = 64 * 1024;

  private final ChunkPool pool;
  private final Deque<ByteBuffer> chunks = new ArrayDeque<>();
  private int size;

  OutputQueue(ChunkPool pool) {
    this.pool = pool;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether {@code length} bytes of relayed data fit. */
  boolean fitsData(int length) {
    return size + length <= DATA_BOUND;
  }

  /** Whether an answer of {@code length} bytes fits. */
  boolean fitsAnswer(int length) {
    return size + length <= DATA_BOUND + ANSWER_RESERVE;
  }

  /** Copies {@code bytes} to the end. */
  void add(ByteBuffer bytes) {
    size += bytes.remaining();
    while (bytes.hasRemaining()) {
      ByteBuffer space = space();
      int length = Math.min(space.remaining(), bytes.remaining());
      space.put(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
    }
  }

  /** Appends zeros, so that what follows starts at a multiple of four (RFC 8656 §12.5). */
  void pad(int zeros) {
    for (int i = 0; i < zeros; i++) {
      space().put((byte) 0);
    }
    size += zeros;
  }

  /**
   * Writes as much as the channel takes.
   *
   * @return how many bytes that was
   */
  int flush(WritableByteChannel channel) throws IOException {
    int written = 0;
    for (ByteBuffer chunk = chunks.peekFirst(); chunk != null; chunk = chunks.peekFirst()) {
      chunk.flip();
      written += channel.write(chunk);
      boolean drained = !chunk.hasRemaining();
      chunk.compact();
      if (!drained) {
        break;
      }
      pool.giveBack(chunks.removeFirst());
    }
    size -= written;
    return written;
  }

  /** Takes out what waits: the connection goes on elsewhere. */
  ByteBuffer takeAll() {
    ByteBuffer all = ByteBuffer.allocate(size);
    chunks.forEach(chunk -> all.put(chunk.flip()));
    discard();
    return all.flip();
  }

  /** Forgets what waits: the connection is closed. */
  void discard() {
    chunks.forEach(pool::giveBack);
    chunks.clear();
    size = 0;
  }

  private ByteBuffer space() {
    ByteBuffer last = chunks.peekLast();
    if (last != null && last.hasRemaining()) {
      return last;
    }
    ByteBuffer chunk = pool.lend();
    chunks.addLast(chunk);
    return chunk;
  }
}
