package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The memory that a shard receives into: a row of slots, each with its header, its source address
 * and 64 KiB, which is what the kernel may hand over as one run (UDP_GRO). What was received stays
 * where it is until {@link #recycle}, so that it can be sent from there without being copied.
 *
 * <pre>
 *   headers   [mmsghdr][mmsghdr]…      one buffer over all slots, handed to the machine
 *   sources   [sockaddr][sockaddr]…    with position and limit around one datagram:
 *   controls  [cmsg][cmsg]…              |slot 0 ….|slot 1 ….|slot 2 ….|
 * </pre>
 */
final class ReceiveBatch {

  /** What one receive can hold: the largest UDP datagram, and the largest run that GRO builds. */
  static final int SLOT_BYTES = 1 << 16;

  /** Slots of a shard. They cost memory only where packets touched them. */
  private static final int SLOTS = 128;

  /** Free bytes before each slot, so that a header can be put before what was received there. */
  static final int HEADROOM = 16;

  /**
   * From one slot to the next. Were it a power of two, the beginnings of all slots would compete
   * for the same few lines of the processor's caches; 21 lines more, and they lie side by side.
   */
  private static final int STRIDE = SLOT_BYTES + 21 * 64;

  private final Libc libc;
  private final MemorySegment headers;
  private final long headersAddress;
  private final MemorySegment sources;
  private final MemorySegment controls;
  private final MemorySegment data;
  private final ByteBuffer buffer;
  private int used;

  ReceiveBatch(Libc libc, Arena arena) {
    this.libc = libc;
    headers = arena.allocate(Abi.SIZEOF_MMSGHDR * SLOTS, Long.BYTES);
    headersAddress = headers.address();
    sources = arena.allocate(Abi.SOCKADDR_ROOM * SLOTS, Long.BYTES);
    controls = arena.allocate(Abi.CONTROL_ROOM * SLOTS, Long.BYTES);
    data = arena.allocate((long) STRIDE * SLOTS, 4096);
    buffer = data.asByteBuffer();
    MemorySegment vectors = arena.allocate(Abi.SIZEOF_IOVEC * SLOTS, Long.BYTES);
    for (int slot = 0; slot < SLOTS; slot++) {
      long vector = slot * Abi.SIZEOF_IOVEC;
      vectors.set(ADDRESS, vector + Abi.IOV_BASE, data.asSlice(start(slot)));
      vectors.set(JAVA_LONG, vector + Abi.IOV_LEN, SLOT_BYTES);
      long header = slot * Abi.SIZEOF_MMSGHDR;
      headers.set(ADDRESS, header + Abi.MSG_NAME, sources.asSlice(slot * Abi.SOCKADDR_ROOM));
      headers.set(ADDRESS, header + Abi.MSG_IOV, vectors.asSlice(vector));
      headers.set(JAVA_LONG, header + Abi.MSG_IOVLEN, 1);
      headers.set(ADDRESS, header + Abi.MSG_CONTROL, controls.asSlice(slot * Abi.CONTROL_ROOM));
    }
  }

  /** How many more slots can be received into before a {@link #recycle}. */
  int free() {
    return SLOTS - used;
  }

  /** The first slot that the next {@link #receive} fills. */
  int next() {
    return used;
  }

  /**
   * Receives what waits at a socket, one slot a datagram or run.
   *
   * @param most at most so many, and never more than {@link #free()}
   * @return how many slots were filled, 0 if nothing waits, or a negative error
   */
  int receive(int fd, int most) {
    int count = Math.min(most, free());
    for (int slot = used; slot < used + count; slot++) {
      long header = slot * Abi.SIZEOF_MMSGHDR;
      headers.set(JAVA_INT, header + Abi.MSG_NAMELEN, (int) Abi.SOCKADDR_ROOM);
      headers.set(JAVA_LONG, header + Abi.MSG_CONTROLLEN, Abi.CONTROL_ROOM);
    }
    int received =
        libc.recvmmsg(fd, headersAddress + used * Abi.SIZEOF_MMSGHDR, count, Abi.MSG_DONTWAIT);
    if (received == -Abi.EAGAIN || received == -Abi.EINTR) {
      return 0;
    }
    if (received > 0) {
      used += received;
    }
    return received;
  }

  /** Forgets all that was received: its memory may be overwritten. */
  void recycle() {
    used = 0;
  }

  /** The memory of all slots. A machine gets it with position and limit around one datagram. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** The native memory behind {@link #buffer()}. */
  MemorySegment memory() {
    return data;
  }

  int start(int slot) {
    return slot * STRIDE + HEADROOM;
  }

  /** Whether {@code position} is where a slot begins: the bytes before it are free. */
  static boolean isStart(int position) {
    return (position - HEADROOM) % STRIDE == 0;
  }

  int length(int slot) {
    return headers.get(JAVA_INT, slot * Abi.SIZEOF_MMSGHDR + Abi.MSG_LEN);
  }

  MemorySegment sources() {
    return sources;
  }

  long sourceAt(int slot) {
    return slot * Abi.SOCKADDR_ROOM;
  }

  /**
   * The size of each datagram in the slot but the last, which may be shorter; the slot's length if
   * it holds one alone.
   */
  int segmentSize(int slot) {
    long at = control(slot, Abi.SOL_UDP, Abi.UDP_GRO);
    int size = at < 0 ? 0 : Short.toUnsignedInt(controls.get(JAVA_SHORT, at + Abi.CMSG_DATA));
    return size == 0 ? length(slot) : size;
  }

  /**
   * How many datagrams the socket has dropped since it was opened, because its buffer was full, as
   * of this one; an unsigned number that starts anew after 2³². 0 while there were none.
   */
  int drops(int slot) {
    long at = control(slot, Abi.SOL_SOCKET, Abi.SO_RXQ_OVFL);
    return at < 0 ? 0 : controls.get(JAVA_INT, at + Abi.CMSG_DATA);
  }

  /** Where a control message of the slot lies, or -1. Most datagrams come without any. */
  private long control(int slot, int level, int type) {
    long available = headers.get(JAVA_LONG, slot * Abi.SIZEOF_MMSGHDR + Abi.MSG_CONTROLLEN);
    long at = slot * Abi.CONTROL_ROOM;
    for (long end = at + available; at + Abi.CMSG_DATA < end; ) {
      if (controls.get(JAVA_INT, at + Abi.CMSG_LEVEL) == level
          && controls.get(JAVA_INT, at + Abi.CMSG_TYPE) == type) {
        return at;
      }
      at += Abi.cmsgAlign(Math.max(controls.get(JAVA_LONG, at + Abi.CMSG_LEN), Abi.CMSG_DATA));
    }
    return -1;
  }
}
