package org.bradawl.datapath.portable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Memory for what waits to be written, lent to the stream clients of one shard by the piece. */
final class ChunkPool {

  /** Several packets to a piece, and small beside what one client may have waiting. */
  static final int CHUNK = 16 * 1024;

  /** 4 MB stay for the next burst; what a larger one needed goes back to the system. */
  private static final int KEPT = 256;

  private final Deque<ByteBuffer> free = new ArrayDeque<>();

  /** An empty piece. */
  ByteBuffer lend() {
    ByteBuffer chunk = free.pollFirst();
    return chunk == null ? ByteBuffer.allocateDirect(CHUNK) : chunk.clear();
  }

  void giveBack(ByteBuffer chunk) {
    if (free.size() < KEPT) {
      free.addFirst(chunk);
    }
  }
}
