package org.bradawl.datapath.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams that a turn of the loop wants sent. They are gathered into runs (same socket, same
 * destination, same size) so that each run costs the kernel one send, and the runs of one socket
 * cost one call. Within a run, and between the runs of one destination, the order stays.
 *
 * <pre>
 *   socket ─ run ─ run ─ run            a run: destination, size of its datagrams, open or closed
 *             │
 *           packet ─ packet ─ packet    a packet: where its bytes are, how many, and perhaps a header of four bytes
 * </pre>
 *
 * <p>Packets whose bytes lie in the receive memory are sent from there; others are copied aside
 * first.
 */
final class SendQueue {

  /**
   * Packets, and so runs, of a turn: more than the receive slots hold of small ones; a full queue
   * is flushed early.
   */
  static final int PACKETS = 2048;

  /** Datagrams in one run: the kernel's UDP_MAX_SEGMENTS is 64 up to Linux 6.9 and 128 after. */
  static final int RUN_PACKETS = 64;

  /** Bytes in one run: what fits in one IPv6 datagram, with room for headers. */
  static final int RUN_BYTES = 65_000;

  /** Copied bytes of a turn: answers to Binding and Allocate floods, 64 bytes and more each. */
  private static final int COPIED_BYTES = 1 << 19;

  /** Places of the table that finds a destination's open run: twice the packets, a power of two. */
  private static final int PLACES = 2 * PACKETS;

  private static final int NONE = -1;

  final int[] packetLength = new int[PACKETS];
  final long[] packetAddress = new long[PACKETS];

  /** The four bytes to put before the packet, as a number in network order. */
  final int[] packetHeader = new int[PACKETS];

  final int[] packetNext = new int[PACKETS];
  private int packets;

  final int[] runSocket = new int[PACKETS];
  final @Nullable TransportAddress[] runDestination = new TransportAddress[PACKETS];
  final boolean[] runHasHeaders = new boolean[PACKETS];
  final int[] runFirst = new int[PACKETS];
  private final int[] runLast = new int[PACKETS];
  final int[] runPackets = new int[PACKETS];

  /** The size of the run's datagrams on the wire; the last one may be shorter. */
  final int[] runSize = new int[PACKETS];

  /** The run's bytes on the wire, headers of channels included. */
  final int[] runBytes = new int[PACKETS];

  private final boolean[] runClosed = new boolean[PACKETS];
  final int[] runNextOfSocket = new int[PACKETS];
  private int runs;

  /** By socket number: its first and last run of this turn, or NONE. */
  private int[] socketFirstRun = new int[64];

  private int[] socketLastRun = new int[64];

  /** The numbers of the sockets that have something to send. */
  private final int[] dirty = new int[PACKETS];

  private int dirtySockets;

  private final int[] table = new int[PLACES];
  private final int[] tableUsed = new int[PACKETS];
  private int tableUses;

  private final MemorySegment copied;
  private final ByteBuffer copiedBuffer;
  private final long copiedAddress;
  private final ByteBuffer receiveBuffer;
  private final long receiveAddress;

  private boolean mayPrepend;

  /** By a hash of the destination: from which size on runs are refused. */
  private final int[] refusedSizes = new int[1 << 8];

  private boolean anyRefused;

  /** Packets up to this size may share a run; 0 if the kernel does not cut runs up. */
  private final int segmentLimit;

  /**
   * @param segmentLimit packets up to this size may share a run; 0 where the kernel does not cut
   *     runs up
   */
  SendQueue(ReceiveBatch receive, int segmentLimit, Arena arena) {
    copied = arena.allocate(COPIED_BYTES, 4096);
    copiedBuffer = copied.asByteBuffer();
    copiedAddress = copied.address();
    receiveBuffer = receive.buffer();
    receiveAddress = receive.memory().address();
    this.segmentLimit = segmentLimit;
    Arrays.fill(table, NONE);
    Arrays.fill(socketFirstRun, NONE);
    Arrays.fill(refusedSizes, Integer.MAX_VALUE);
  }

  /** Whether a packet of so many bytes still fits; if not, flush first. */
  boolean hasRoomFor(int length) {
    return packets < PACKETS && copiedBuffer.position() + length <= COPIED_BYTES;
  }

  boolean isEmpty() {
    return packets == 0;
  }

  /** Adds a datagram as it is. */
  void add(int socket, TransportAddress destination, ByteBuffer data) {
    append(socket, destination, data, 0, false);
  }

  /** Adds a datagram with four bytes before it. */
  void add(int socket, TransportAddress destination, int header, ByteBuffer data) {
    int at = data.position();
    if (mayPrepend && isReceived(data) && ReceiveBatch.isStart(at)) {
      // One piece costs the kernel less than two.
      data.position(at - Integer.BYTES).putInt(at - Integer.BYTES, header);
      append(socket, destination, data, 0, false);
    } else {
      append(socket, destination, data, header, true);
    }
  }

  /**
   * Whether what is being delivered lies alone in its slot, so that a header may be written before
   * it. In a run, all headers are kept apart, or it would no longer be one run.
   */
  void mayPrepend(boolean alone) {
    mayPrepend = alone;
  }

  @SuppressWarnings("ReferenceEquality") // the very buffer, not one with equal bytes
  private boolean isReceived(ByteBuffer data) {
    return data == receiveBuffer;
  }

  private void append(
      int socket, TransportAddress destination, ByteBuffer data, int header, boolean hasHeader) {
    int length = data.remaining();
    int packet = packets++;
    packetLength[packet] = length;
    packetHeader[packet] = header;
    packetNext[packet] = NONE;
    packetAddress[packet] = isReceived(data) ? receiveAddress + data.position() : copy(data);

    int size = hasHeader ? length + 4 : length;
    int place = place(socket, destination);
    int run = table[place];
    if (run != NONE && accepts(run, size, hasHeader) && size < refused(destination)) {
      packetNext[runLast[run]] = packet;
      runLast[run] = packet;
      runPackets[run]++;
      runBytes[run] += size;
      // The kernel allows only the last datagram of a run to be shorter (udp(7), UDP_SEGMENT).
      runClosed[run] = size < runSize[run];
    } else {
      table[place] = open(socket, destination, packet, size, hasHeader);
      if (run == NONE) {
        tableUsed[tableUses++] = place;
      }
    }
  }

  private boolean accepts(int run, int size, boolean hasHeader) {
    return runSize[run] <= segmentLimit
        && !runClosed[run]
        && size <= runSize[run]
        && size > 0
        && runHasHeaders[run] == hasHeader
        && runPackets[run] < RUN_PACKETS
        && runBytes[run] + size <= RUN_BYTES;
  }

  private int open(
      int socket, TransportAddress destination, int packet, int size, boolean hasHeader) {
    int run = runs++;
    runSocket[run] = socket;
    runDestination[run] = destination;
    runHasHeaders[run] = hasHeader;
    runFirst[run] = packet;
    runLast[run] = packet;
    runPackets[run] = 1;
    runSize[run] = size;
    runBytes[run] = size;
    runClosed[run] = false;
    runNextOfSocket[run] = NONE;
    if (socket >= socketFirstRun.length) {
      growSockets(socket);
    }
    if (socketFirstRun[socket] == NONE) {
      socketFirstRun[socket] = run;
      dirty[dirtySockets++] = socket;
    } else {
      runNextOfSocket[socketLastRun[socket]] = run;
    }
    socketLastRun[socket] = run;
    return run;
  }

  private void growSockets(int socket) {
    int old = socketFirstRun.length;
    int size = Math.max(old * 2, Integer.highestOneBit(socket) << 1);
    socketFirstRun = Arrays.copyOf(socketFirstRun, size);
    socketLastRun = Arrays.copyOf(socketLastRun, size);
    Arrays.fill(socketFirstRun, old, size, NONE);
  }

  /** Where the table keeps the newest run of this socket to this destination, or would. */
  private int place(int socket, TransportAddress destination) {
    long bits = destination.address().low() * 0x9E3779B97F4A7C15L + destination.port();
    int place = (int) (((bits + socket) * 0xD6E8FEB86659FD93L) >>> 40) & (PLACES - 1);
    while (true) {
      int run = table[place];
      if (run == NONE || (runSocket[run] == socket && destination.equals(runDestination[run]))) {
        return place;
      }
      place = (place + 1) & (PLACES - 1);
    }
  }

  private long copy(ByteBuffer data) {
    int at = copiedBuffer.position();
    copiedBuffer.put(data);
    return copiedAddress + at;
  }

  /**
   * The kernel did not cut up a run: to this destination, packets of this size and larger go one by
   * one from now on. Few destinations share a memory, so that none can slow down all others.
   */
  void refuseRun(int run) {
    TransportAddress destination = Objects.requireNonNull(runDestination[run]);
    int memory = memory(destination);
    anyRefused = true;
    refusedSizes[memory] = Math.min(refusedSizes[memory], runSize[run]);
  }

  private int refused(TransportAddress destination) {
    return anyRefused ? refusedSizes[memory(destination)] : Integer.MAX_VALUE;
  }

  private static int memory(TransportAddress destination) {
    long bits = destination.address().low() * 0x9E3779B97F4A7C15L + destination.port();
    return (int) ((bits * 0xD6E8FEB86659FD93L) >>> 56);
  }

  int dirtySockets() {
    return dirtySockets;
  }

  int dirtySocket(int index) {
    return dirty[index];
  }

  /**
   * The first run of a socket that has something to send; the others follow by {@link
   * #runNextOfSocket}.
   */
  int firstRun(int socket) {
    return socketFirstRun[socket];
  }

  /** Whether a socket has something to send. */
  boolean hasFrom(int socket) {
    return socket < socketFirstRun.length && socketFirstRun[socket] != NONE;
  }

  /** Drops what a socket that is about to be closed wanted to send. */
  void forget(int socket) {
    if (socket < socketFirstRun.length) {
      for (int run = socketFirstRun[socket]; run != NONE; run = runNextOfSocket[run]) {
        runPackets[run] = 0;
      }
    }
  }

  /** Empties the queue after all was sent or given up. */
  void clear() {
    for (int i = 0; i < dirtySockets; i++) {
      socketFirstRun[dirty[i]] = NONE;
    }
    for (int i = 0; i < tableUses; i++) {
      table[tableUsed[i]] = NONE;
    }
    for (int run = 0; run < runs; run++) {
      runDestination[run] = null;
    }
    packets = 0;
    runs = 0;
    dirtySockets = 0;
    tableUses = 0;
    copiedBuffer.clear();
  }
}
