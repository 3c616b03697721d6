package org.bradawl.datapath.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.ShardCounters;

/**
 * Hands a {@link SendQueue} to the kernel: one {@code sendmmsg} a socket, one message a run. A
 * packet is described by one I/O vector, or two when a header goes before it; packets of one run
 * with the same header share its four bytes.
 */
final class Sender {

  private static final Logger LOG = System.getLogger(Sender.class.getName());

  /** Messages in one call; the kernel takes 1024 at most (UIO_MAXIOV). */
  private static final int MESSAGES = 256;

  private static final ValueLayout.OfInt HEADER =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

  private final Libc libc;
  private final ShardCounters counters;
  private final MemorySegment headers;
  private final long headersAddress;
  private final MemorySegment names;
  private final MemorySegment controls;
  private final MemorySegment vectors;
  private final MemorySegment channelHeaders;
  private final long channelHeadersAddress;
  private final long vectorsAddress;
  private final int[] runOfMessage = new int[MESSAGES];
  private boolean said;
  private int messages;
  private int vectorsUsed;
  private int channelHeadersUsed;

  Sender(Libc libc, ShardCounters counters, Arena arena) {
    this.libc = libc;
    this.counters = counters;
    headers = arena.allocate(Abi.SIZEOF_MMSGHDR * MESSAGES, Long.BYTES);
    headersAddress = headers.address();
    names = arena.allocate(Abi.SOCKADDR_ROOM * MESSAGES, Long.BYTES);
    controls = arena.allocate(Abi.CMSG_ROOM * MESSAGES, Long.BYTES);
    vectors = arena.allocate(Abi.SIZEOF_IOVEC * 2 * SendQueue.PACKETS, Long.BYTES);
    channelHeaders = arena.allocate((long) Integer.BYTES * SendQueue.PACKETS, Integer.BYTES);
    vectorsAddress = vectors.address();
    channelHeadersAddress = channelHeaders.address();
    for (int message = 0; message < MESSAGES; message++) {
      long header = message * Abi.SIZEOF_MMSGHDR;
      headers.set(JAVA_LONG, header + Abi.MSG_NAME, names.address() + message * Abi.SOCKADDR_ROOM);
      long control = message * Abi.CMSG_ROOM;
      controls.set(JAVA_LONG, control + Abi.CMSG_LEN, Abi.CMSG_DATA + Short.BYTES);
      controls.set(JAVA_INT, control + Abi.CMSG_LEVEL, Abi.SOL_UDP);
      controls.set(JAVA_INT, control + Abi.CMSG_TYPE, Abi.UDP_SEGMENT);
    }
  }

  /** Sends all that a socket has in the queue. */
  void send(int fd, SendQueue queue, int firstRun) {
    int run = firstRun;
    while (run >= 0) {
      messages = 0;
      vectorsUsed = 0;
      channelHeadersUsed = 0;
      while (run >= 0 && messages < MESSAGES) {
        if (queue.runPackets[run] > 0) {
          describe(queue, run);
        }
        run = queue.runNextOfSocket[run];
      }
      submit(fd, queue);
    }
  }

  private void describe(SendQueue queue, int run) {
    int message = messages++;
    runOfMessage[message] = run;
    long header = message * Abi.SIZEOF_MMSGHDR;
    int nameLength =
        SocketAddresses.write(
            names, message * Abi.SOCKADDR_ROOM, Objects.requireNonNull(queue.runDestination[run]));
    headers.set(JAVA_INT, header + Abi.MSG_NAMELEN, nameLength);
    int firstVector = vectorsUsed;
    if (queue.runHasHeaders[run]) {
      describeWithHeaders(queue, run);
    } else {
      for (int packet = queue.runFirst[run]; packet >= 0; packet = queue.packetNext[packet]) {
        vector(queue.packetAddress[packet], queue.packetLength[packet]);
      }
    }
    headers.set(JAVA_LONG, header + Abi.MSG_IOV, vectorsAddress + firstVector * Abi.SIZEOF_IOVEC);
    headers.set(JAVA_LONG, header + Abi.MSG_IOVLEN, vectorsUsed - firstVector);
    if (queue.runPackets[run] > 1) {
      long control = message * Abi.CMSG_ROOM;
      controls.set(JAVA_SHORT, control + Abi.CMSG_DATA, (short) queue.runSize[run]);
      headers.set(JAVA_LONG, header + Abi.MSG_CONTROL, controls.address() + control);
      headers.set(JAVA_LONG, header + Abi.MSG_CONTROLLEN, Abi.CMSG_ROOM);
    } else {
      headers.set(JAVA_LONG, header + Abi.MSG_CONTROL, 0);
      headers.set(JAVA_LONG, header + Abi.MSG_CONTROLLEN, 0);
    }
  }

  private void describeWithHeaders(SendQueue queue, int run) {
    int shared = 0;
    long sharedAddress = 0;
    for (int packet = queue.runFirst[run]; packet >= 0; packet = queue.packetNext[packet]) {
      int value = queue.packetHeader[packet];
      if (sharedAddress == 0 || value != shared) {
        long at = (long) channelHeadersUsed++ * Integer.BYTES;
        channelHeaders.set(HEADER, at, value);
        sharedAddress = channelHeadersAddress + at;
        shared = value;
      }
      vector(sharedAddress, Integer.BYTES);
      vector(queue.packetAddress[packet], queue.packetLength[packet]);
    }
  }

  private void vector(long address, int length) {
    long vector = vectorsUsed++ * Abi.SIZEOF_IOVEC;
    vectors.set(JAVA_LONG, vector + Abi.IOV_BASE, address);
    vectors.set(JAVA_LONG, vector + Abi.IOV_LEN, length);
  }

  /**
   * Calls until every message is sent or given up: the one that fails is dropped, and those behind
   * it still go.
   */
  private void submit(int fd, SendQueue queue) {
    int next = 0;
    while (next < messages) {
      int sent = call(fd, next, messages - next);
      if (sent > 0) {
        for (int message = next; message < next + sent; message++) {
          sent(queue, runOfMessage[message]);
        }
        next += sent;
      } else if (sent == -Abi.EAGAIN || sent == -Abi.ENOBUFS) {
        // The buffer is full, and what comes later finds it no emptier.
        Drop cause = sent == -Abi.EAGAIN ? Drop.SEND_BUFFER_FULL : Drop.INTERFACE_QUEUE_FULL;
        for (int message = next; message < messages; message++) {
          counters.dropped(cause, queue.runPackets[runOfMessage[message]]);
        }
        next = messages;
      } else if (sent != -Abi.EINTR) {
        giveUp(fd, queue, next, -sent);
        next++;
      }
    }
  }

  /** A run that the kernel does not cut up may still go packet by packet. */
  private void giveUp(int fd, SendQueue queue, int message, int error) {
    int run = runOfMessage[message];
    if (queue.runPackets[run] == 1 || !refusesRuns(error)) {
      counters.dropped(Drop.SEND_REFUSED, queue.runPackets[run]);
      return;
    }
    queue.refuseRun(run);
    sayOnce(queue.runSize[run], error);
    oneByOne(fd, queue, run, message);
  }

  /**
   * Whether the run was refused for being one: its packets are larger than the path's MTU (which
   * error that is depends on the kernel), or the path leads through IPsec or a device that computes
   * no checksums.
   */
  private static boolean refusesRuns(int error) {
    return error == Abi.EMSGSIZE || error == Abi.EINVAL || error == Abi.EIO;
  }

  private void sayOnce(int size, int error) {
    if (!said) {
      said = true;
      LOG.log(
          Level.INFO,
          "datagrams of {0} bytes to some destination travel one by one:"
              + " the kernel did not cut up a run of them (errno {1})",
          size,
          error);
    }
  }

  private void oneByOne(int fd, SendQueue queue, int run, int message) {
    long header = message * Abi.SIZEOF_MMSGHDR;
    int vectorsOfPacket = queue.runHasHeaders[run] ? 2 : 1;
    headers.set(JAVA_LONG, header + Abi.MSG_IOVLEN, vectorsOfPacket);
    headers.set(JAVA_LONG, header + Abi.MSG_CONTROL, 0);
    headers.set(JAVA_LONG, header + Abi.MSG_CONTROLLEN, 0);
    for (int packet = 0; packet < queue.runPackets[run]; packet++) {
      if (call(fd, message, 1) == 1) {
        counters.sent(queue.runSize[run]);
      } else {
        counters.dropped(Drop.SEND_REFUSED);
      }
      long vector = headers.get(JAVA_LONG, header + Abi.MSG_IOV);
      headers.set(JAVA_LONG, header + Abi.MSG_IOV, vector + vectorsOfPacket * Abi.SIZEOF_IOVEC);
    }
  }

  private void sent(SendQueue queue, int run) {
    counters.sent(queue.runPackets[run], queue.runBytes[run]);
  }

  /** A single datagram in one piece, which is what sparse sockets have, is cheaper by itself. */
  private int call(int fd, int first, int count) {
    long header = first * Abi.SIZEOF_MMSGHDR;
    if (count == 1
        && headers.get(JAVA_LONG, header + Abi.MSG_IOVLEN) == 1
        && headers.get(JAVA_LONG, header + Abi.MSG_CONTROLLEN) == 0) {
      long vector = headers.get(JAVA_LONG, header + Abi.MSG_IOV) - vectorsAddress;
      long sent =
          libc.sendto(
              fd,
              vectors.get(JAVA_LONG, vector + Abi.IOV_BASE),
              vectors.get(JAVA_LONG, vector + Abi.IOV_LEN),
              Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL,
              names.address() + first * Abi.SOCKADDR_ROOM,
              headers.get(JAVA_INT, header + Abi.MSG_NAMELEN));
      return sent < 0 ? (int) sent : 1;
    }
    return libc.sendmmsg(fd, headersAddress + header, count, Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL);
  }
}
