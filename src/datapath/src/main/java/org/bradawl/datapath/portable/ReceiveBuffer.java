package org.bradawl.datapath.portable;

import java.nio.ByteBuffer;

/**
 * The memory that a shard receives every datagram in, one after the other. Room is left in front of
 * the datagram, so that the header of ChannelData goes there and nothing is copied.
 */
final class ReceiveBuffer {

  /** Four bytes of ChannelData header (RFC 8656 §12.4), and the datagram stays aligned. */
  static final int HEADROOM = 16;

  private static final int HEADER = 4;

  /** The largest UDP payload, 65,507 bytes over IPv4, fits. */
  private static final int CAPACITY = HEADROOM + 65_536;

  private final ByteBuffer memory = ByteBuffer.allocateDirect(CAPACITY);
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(CAPACITY);

  /** The empty buffer, positioned where a datagram goes. */
  ByteBuffer forReceiving() {
    return memory.clear().position(HEADROOM);
  }

  /** Makes what was just received the buffer's content; returns its length. */
  int received() {
    memory.limit(memory.position()).position(HEADROOM);
    return memory.remaining();
  }

  /** The datagram. */
  ByteBuffer datagram() {
    return memory;
  }

  /** Buffers are told apart by being the same memory, not by their content. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isDatagram(ByteBuffer data) {
    return data == memory;
  }

  /** {@code data} with a ChannelData header before it, in place if it is the datagram's tail. */
  ByteBuffer withChannelHeader(int channel, ByteBuffer data) {
    int length = data.remaining();
    if (isDatagram(data) && data.position() >= HEADER) {
      int start = data.position() - HEADER;
      return memory
          .putShort(start, (short) channel)
          .putShort(start + 2, (short) length)
          .position(start);
    }
    return scratch.clear().putShort((short) channel).putShort((short) length).put(data).flip();
  }
}
