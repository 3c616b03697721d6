package org.bradawl.datapath.linux;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.Gathering;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.datapath.Shard;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.datapath.ShardDesk;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.RelayMap;
import org.bradawl.turn.server.ServerActions;
import org.bradawl.turn.server.StunTurnServer;
import org.jspecify.annotations.Nullable;

/**
 * A shard of UDP clients on epoll and batches. One turn:
 *
 * <pre>
 *   epoll_wait ─► read the clock, once ─► commands
 *     ─► each ready socket: recvmmsg, and every datagram to the machine, which queues what it sends
 *     ─► machine.advance ─► one sendmmsg for each socket that has something to send
 * </pre>
 *
 * <p>The thread that runs the shard need not be the one that made it; the arena is shared for that
 * reason and closed at the end of the run, after the last reader.
 */
final class LinuxShard implements Shard {

  private static final Logger LOG = System.getLogger(LinuxShard.class.getName());

  /** Fewer free slots than this, and what was received is sent on before more is. */
  private static final int FEW_SLOTS = 16;

  /** A peer that answers everything by an error must not keep the others waiting. */
  private static final int ERRORS_PER_TURN = 16;

  /** Sleeps end when they should: the usual 50 µs of slack would double a pause. */
  private static final long PRECISE = 1;

  /** What the thread began with. */
  private static final long USUAL_SLACK = 0;

  private final String name;
  private final Arena arena = Arena.ofShared();
  private final ShardCounters counters = new ShardCounters();
  private final SocketAddresses addresses = new SocketAddresses();
  private final Libc libc;
  private final Sockets sockets;
  private final Epoll epoll;
  private final Bell bell;
  private final ShardDesk desk;
  private final ReceiveBatch receive;
  private final SendQueue queue;
  private final Sender sender;
  private final ErrorQueue errors;
  private final Slice slice;
  private final KernelFeatures features;
  private final Gathering gathering = new Gathering();
  private final List<UdpSocket.Listener> listeners = new ArrayList<>();
  private final RelayMap<UdpSocket.Relay> relays =
      new RelayMap<>(new SplittableRandom().nextLong());
  private final StunTurnServer machine;
  private @Nullable UdpSocket[] byNumber = new UdpSocket[64];
  private int[] freeNumbers = new int[64];
  private int freeCount;
  private int numbers;
  private boolean stopping;
  private long now;
  private long turns;

  /**
   * A shard that listens at these addresses.
   *
   * @throws SocketFailure if one cannot be bound; nothing is open then
   */
  LinuxShard(
      String name,
      List<TransportAddress> endpoints,
      boolean shared,
      KernelFeatures features,
      RelayObserver observer,
      Function<ServerActions, StunTurnServer> machines)
      throws SocketFailure {
    this.name = name;
    this.features = features;
    this.libc = new Libc(arena);
    this.sockets = new Sockets(libc, addresses, arena);
    this.epoll = new Epoll(libc, arena);
    this.bell = new Bell(epoll.bell());
    this.desk = new ShardDesk(name, counters, bell);
    this.receive = new ReceiveBatch(libc, arena);
    this.queue = new SendQueue(receive, features.segmentLimit(), arena);
    this.errors = new ErrorQueue(libc, addresses, arena);
    this.slice = new Slice(libc, arena);
    this.sender = new Sender(libc, counters, arena);
    this.machine = machines.apply(new LinuxActions(this, counters, observer));
    for (TransportAddress endpoint : endpoints) {
      listen(endpoint, shared);
    }
  }

  private void listen(TransportAddress endpoint, boolean shared) throws SocketFailure {
    int fd = sockets.openUdp(endpoint, shared);
    if (fd < 0) {
      closeAll();
      throw new SocketFailure(endpoint, -fd);
    }
    expectBursts(fd, KernelFeatures.LISTENER_BUFFER);
    countKernelDrops(fd);
    // RFC 8656 §14: data for a client may be fragmented, too.
    sockets.mayFragment(fd, endpoint.address().family(), true);
    UdpSocket.Listener listener =
        new UdpSocket.Listener(takeNumber(), fd, sockets.localAddress(fd));
    listeners.add(listener);
    watch(listener);
  }

  /** What must be said before datagrams come: how many may wait, and that runs stay whole. */
  private void expectBursts(int fd, int buffer) {
    sockets.set(fd, Abi.SOL_SOCKET, Abi.SO_RCVBUF, buffer);
    if (features.receiveRuns()) {
      sockets.set(fd, Abi.SOL_UDP, Abi.UDP_GRO, 1);
    }
  }

  private void countKernelDrops(int fd) {
    sockets.set(fd, Abi.SOL_SOCKET, Abi.SO_RXQ_OVFL, 1);
  }

  /**
   * At the first datagram of a relay, in either direction. Most allocations are a client's reserve
   * and never carry one, so opening one does without what can wait until then.
   */
  private void prepare(UdpSocket socket) {
    if (socket instanceof UdpSocket.Relay relay && !relay.isPrepared()) {
      relay.prepared();
      sockets.prepareRelay(relay.fd(), relay.family());
      countKernelDrops(relay.fd());
    }
  }

  private void watch(UdpSocket socket) {
    byNumber[socket.number()] = socket;
    epoll.add(socket.fd(), Abi.EPOLLIN, socket.number());
  }

  private int takeNumber() {
    if (freeCount > 0) {
      return freeNumbers[--freeCount];
    }
    if (numbers == byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, numbers * 2);
    }
    return numbers++;
  }

  private void giveNumber(int number) {
    if (freeCount == freeNumbers.length) {
      freeNumbers = Arrays.copyOf(freeNumbers, freeCount * 2);
    }
    freeNumbers[freeCount++] = number;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean submit(Command command) {
    return desk.submit(command);
  }

  @Override
  public DatapathStatistics statistics() {
    return desk.statistics();
  }

  @Override
  public void stop(StunTurnServer server, long time) {
    server.endAll(EndReason.SHUTDOWN, time);
    stopping = true;
  }

  @Override
  public void abandon() {
    closeAll();
  }

  /** The thread may be lent and serve others later, so {@link #end} gives back what it had. */
  private void timerSlack(long nanos) {
    libc.prctl(Abi.PR_SET_TIMERSLACK, nanos);
  }

  @Override
  public void run() {
    try {
      now = System.nanoTime();
      timerSlack(PRECISE);
      slice.shorten();
      while (!stopping) {
        turn();
      }
    } catch (IllegalStateException e) {
      LOG.log(Level.ERROR, name + " cannot go on: waiting for its sockets failed", e);
    } finally {
      end();
    }
  }

  private void turn() {
    int ready = await();
    turns++;
    now = System.nanoTime();
    for (int i = 0; i < ready; i++) {
      long number = epoll.number(i);
      if (number == Epoll.BELL) {
        epoll.answerBell();
      } else {
        UdpSocket socket = byNumber[(int) number];
        if (socket != null) {
          if ((epoll.readiness(i) & Abi.EPOLLERR) != 0 && socket instanceof UdpSocket.Relay relay) {
            takeErrors(relay);
          }
          receive(socket);
        }
      }
    }
    desk.runCommands(machine, now);
    settle();
  }

  private void settle() {
    if (ShardDesk.due(machine.deadlineNanos(), now)) {
      desk.touched();
      try {
        machine.advance(now);
      } catch (RuntimeException e) {
        desk.fault(e, now);
      }
    }
    flush();
    receive.recycle();
    if (desk.publicationDue(now)) {
      publish();
    }
  }

  private int await() {
    if (gathering.pays(now)) {
      LockSupport.parkNanos(Gathering.PAUSE_NANOS);
    }
    return epoll.await(sleepMillis());
  }

  /** Never a round of waking too early, and none of waiting while something is due. */
  private int sleepMillis() {
    long nanos = desk.sleepNanos(machine.deadlineNanos(), System.nanoTime());
    return nanos <= 0 ? 0 : (int) TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
  }

  private void receive(UdpSocket socket) {
    desk.touched();
    prepare(socket);
    if (receive.free() < FEW_SLOTS) {
      flush();
      receive.recycle();
    }
    int first = receive.next();
    int count = receive.receive(socket.fd(), socket.budget(turns));
    socket.received(Math.max(count, 0), turns);
    gathering.came(Math.max(count, 0), now);
    for (int slot = first; slot < first + count; slot++) {
      TransportAddress source = addresses.read(receive.sources(), receive.sourceAt(slot));
      if (source != null) {
        deliver(socket, source, slot);
      }
    }
    if (count > 0) {
      countDrops(socket, receive.drops(first + count - 1));
    }
  }

  private void countDrops(UdpSocket socket, int soFar) {
    int fresh = soFar == 0 ? 0 : socket.newlyDropped(soFar);
    if (fresh > 0) {
      counters.dropped(
          switch (socket) {
            case UdpSocket.Listener _ -> Drop.LISTENER_BUFFER_FULL;
            case UdpSocket.Relay _ -> Drop.RELAY_BUFFER_FULL;
          },
          fresh);
    }
  }

  private void deliver(UdpSocket socket, TransportAddress source, int slot) {
    int start = receive.start(slot);
    int end = start + receive.length(slot);
    int size = Math.max(receive.segmentSize(slot), 1);
    ByteBuffer buffer = receive.buffer();
    queue.mayPrepend(size >= end - start);
    do {
      int next = Math.min(start + size, end);
      buffer.limit(next).position(start);
      counters.received(next - start);
      try {
        switch (socket) {
          case UdpSocket.Listener listener ->
              machine.fromClient(listener.path(source), buffer, now);
          case UdpSocket.Relay relay -> machine.fromPeer(relay.id(), source, buffer, now);
        }
      } catch (RuntimeException e) {
        desk.fault(e, now);
      }
      start = next;
    } while (start < end);
  }

  /** Tells the machine of ICMP errors; what is left comes with the next turn. */
  private void takeErrors(UdpSocket.Relay relay) {
    desk.touched();
    for (int i = 0; i < ERRORS_PER_TURN; i++) {
      switch (errors.take(relay.fd())) {
        case ErrorQueue.Look.Empty _ -> {
          return;
        }
        case ErrorQueue.Look.Taken taken ->
            taken.error().ifPresent(error -> machine.peerError(relay.id(), error, now));
      }
    }
  }

  /** Sends at once, with the DF bit set; what was queued goes before it. */
  void sendUnfragmented(UdpSocket.Relay relay, TransportAddress peer, ByteBuffer data) {
    flush();
    prepare(relay);
    sockets.mayFragment(relay.fd(), peer.address().family(), false);
    queue.add(relay.number(), peer, data);
    flush();
    sockets.mayFragment(relay.fd(), peer.address().family(), true);
  }

  @SuppressWarnings("ReferenceEquality") // paths carry the listener's own object, nearly always
  UdpSocket.@Nullable Listener listenerAt(TransportAddress local) {
    for (int i = 0; i < listeners.size(); i++) { // no iterator: asked for each packet
      if (listeners.get(i).local() == local) {
        return listeners.get(i);
      }
    }
    return listenerEqualTo(local);
  }

  private UdpSocket.@Nullable Listener listenerEqualTo(TransportAddress local) {
    for (UdpSocket.Listener listener : listeners) {
      if (listener.local().equals(local)) {
        return listener;
      }
    }
    return null;
  }

  UdpSocket.@Nullable Relay relay(RelayId id) {
    return relays.get(id);
  }

  /** Opens a relay socket; returns 0 or a negative error. */
  int openRelay(RelayId id, TransportAddress local) {
    int fd = sockets.openUdp(local, false);
    if (fd < 0) {
      return fd;
    }
    expectBursts(fd, KernelFeatures.RELAY_BUFFER);
    UdpSocket.Relay relay = new UdpSocket.Relay(takeNumber(), fd, id, local.address().family());
    relays.put(id, relay);
    watch(relay);
    return 0;
  }

  /** Closes a relay socket, after what it had to send. */
  void closeRelay(RelayId id) {
    UdpSocket.Relay relay = relays.remove(id);
    if (relay != null) {
      if (queue.hasFrom(relay.number())) {
        flush();
      }
      byNumber[relay.number()] = null;
      sockets.close(relay.fd());
      giveNumber(relay.number());
    }
  }

  StunTurnServer machine() {
    return machine;
  }

  long now() {
    return now;
  }

  /** The queue, with room for one more packet of this length. */
  SendQueue queueFor(int length) {
    if (!queue.hasRoomFor(length)) {
      flush();
    }
    return queue;
  }

  private void flush() {
    if (queue.isEmpty()) {
      return;
    }
    for (int i = 0; i < queue.dirtySockets(); i++) {
      int number = queue.dirtySocket(i);
      UdpSocket socket = byNumber[number];
      if (socket != null) {
        prepare(socket);
        sender.send(socket.fd(), queue, queue.firstRun(number));
      }
    }
    queue.clear();
  }

  private void publish() {
    desk.publish(counters.statistics(machine.counters(), 0, stopping ? 0 : 1), now);
  }

  private void end() {
    now = System.nanoTime();
    if (!stopping) {
      stopping = true;
      machine.endAll(EndReason.RELAY_FAILED, now);
    }
    flush();
    desk.close(machine, now);
    publish();
    timerSlack(USUAL_SLACK);
    slice.restore();
    closeAll();
  }

  private void closeAll() {
    for (UdpSocket socket : byNumber) {
      if (socket != null) {
        sockets.close(socket.fd());
      }
    }
    bell.silence();
    epoll.close();
    arena.close();
  }
}
