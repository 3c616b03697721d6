package org.bradawl.datapath.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.stun.TransportAddress;

/**
 * Many UDP sockets on one thread, by the engine's own batches: for programs that speak to a relay
 * and must not be slower than it, such as a load generator. What is sent waits until {@link #turn}
 * or {@link #flush}. Belongs to the thread that made it.
 */
public final class DatagramLoop implements AutoCloseable {

  /** Fewer free slots than this, and what was received is answered before more is. */
  private static final int FEW_SLOTS = 16;

  /** Datagrams or runs asked of one socket at a time. */
  private static final int BUDGET = 64;

  /** What takes the datagrams that arrive. */
  public interface Receiver {

    /**
     * A datagram arrived.
     *
     * @param socket the number that {@link #open} gave
     * @param datagram valid during the call; its position and limit may be moved
     */
    void received(int socket, TransportAddress source, ByteBuffer datagram);
  }

  private final Arena arena = Arena.ofConfined();
  private final SocketAddresses addresses = new SocketAddresses();
  private final ShardCounters counters = new ShardCounters();
  private final boolean runs;
  private final Sockets sockets;
  private final Epoll epoll;
  private final ReceiveBatch receive;
  private final SendQueue queue;
  private final Sender sender;
  private int[] descriptors = new int[64];
  private int opened;

  /**
   * A loop without sockets.
   *
   * @param runs whether datagrams of one flow travel as one (UDP_SEGMENT, UDP_GRO) where the kernel
   *     knows how
   */
  public DatagramLoop(boolean runs) {
    KernelFeatures features = KernelFeatures.probe();
    Libc libc = new Libc(arena);
    this.runs = runs && features.receiveRuns();
    this.sockets = new Sockets(libc, addresses, arena);
    this.epoll = new Epoll(libc, arena);
    this.receive = new ReceiveBatch(libc, arena);
    this.queue = new SendQueue(receive, runs ? features.segmentLimit() : 0, arena);
    this.sender = new Sender(libc, counters, arena);
  }

  /** Why this machine has no such loop, if it has none. */
  public static Optional<String> obstacle() {
    return new LinuxEngine().obstacle();
  }

  /**
   * Opens a socket and gives it a number: 0, 1, 2, …
   *
   * @param local the port may be 0
   * @param buffer bytes that may wait in it; the kernel may grant less
   */
  public int open(TransportAddress local, int buffer) throws IOException {
    int fd = sockets.openUdp(local, false);
    if (fd < 0) {
      throw new IOException("no UDP socket at " + local + ": errno " + -fd);
    }
    sockets.set(fd, Abi.SOL_SOCKET, Abi.SO_RCVBUF, buffer);
    if (runs) {
      sockets.set(fd, Abi.SOL_UDP, Abi.UDP_GRO, 1);
    }
    if (opened == descriptors.length) {
      descriptors = Arrays.copyOf(descriptors, opened * 2);
    }
    descriptors[opened] = fd;
    epoll.add(fd, Abi.EPOLLIN, opened);
    return opened++;
  }

  /** The address that a socket is bound to. */
  public TransportAddress localAddress(int socket) {
    return sockets.localAddress(descriptors[socket]);
  }

  /** Queues a datagram; its bytes are taken now, unless they were received in this turn. */
  public void send(int socket, TransportAddress destination, ByteBuffer datagram) {
    if (!queue.hasRoomFor(datagram.remaining())) {
      flush();
    }
    queue.add(socket, destination, datagram);
  }

  /** Hands to the kernel what waits. */
  public void flush() {
    for (int i = 0; i < queue.dirtySockets(); i++) {
      int socket = queue.dirtySocket(i);
      sender.send(descriptors[socket], queue, queue.firstRun(socket));
    }
    queue.clear();
  }

  /** Sends what waits, waits for datagrams, passes them on, and sends what that led to. */
  public void turn(int timeoutMillis, Receiver receiver) {
    flush();
    int ready = epoll.await(timeoutMillis);
    for (int i = 0; i < ready; i++) {
      long number = epoll.number(i);
      if (number != Epoll.BELL) {
        receive((int) number, receiver);
      }
    }
    flush();
    receive.recycle();
  }

  private void receive(int socket, Receiver receiver) {
    if (receive.free() < FEW_SLOTS) {
      flush();
      receive.recycle();
    }
    int first = receive.next();
    int count = receive.receive(descriptors[socket], BUDGET);
    for (int slot = first; slot < first + count; slot++) {
      TransportAddress source = addresses.read(receive.sources(), receive.sourceAt(slot));
      if (source != null) {
        deliver(socket, source, slot, receiver);
      }
    }
  }

  private void deliver(int socket, TransportAddress source, int slot, Receiver receiver) {
    int start = receive.start(slot);
    int end = start + receive.length(slot);
    int size = Math.max(receive.segmentSize(slot), 1);
    ByteBuffer buffer = receive.buffer();
    do {
      int next = Math.min(start + size, end);
      buffer.limit(next).position(start);
      receiver.received(socket, source, buffer);
      start = next;
    } while (start < end);
  }

  /** Datagrams that the kernel did not take. */
  public long refused() {
    return counters.count(Drop.SEND_BUFFER_FULL) + counters.count(Drop.SEND_REFUSED);
  }

  @Override
  public void close() {
    for (int socket = 0; socket < opened; socket++) {
      sockets.close(descriptors[socket]);
    }
    epoll.close();
    arena.close();
  }
}
