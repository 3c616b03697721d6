package org.bradawl.datapath.portable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.ServerActions;
import org.bradawl.turn.server.StunTurnServer;

/** One thread of the relay with everything it owns. */
final class Shard implements Runnable {

  /** Something to do on the shard's thread. */
  interface Command {
    void run(StunTurnServer machine, long now);
  }

  private static final Logger LOG = System.getLogger(Shard.class.getName());

  /** Readers want a live figure, and a snapshot costs a few hundred objects. */
  private static final long PUBLISH_EVERY = Duration.ofSeconds(1).toNanos();

  /** Nothing is due: waking once in a while costs nothing and forgives a lost wake-up. */
  private static final long LONGEST_SLEEP = Duration.ofSeconds(10).toNanos();

  /** One stack trace in ten seconds is enough to find a bug by. */
  private static final long LOG_FAULTS_EVERY = Duration.ofSeconds(10).toNanos();

  private final String name;
  private final Selector selector;
  private final Counters counters = new Counters();
  private final ReceiveBuffer buffer = new ReceiveBuffer();
  private final AddressCache addresses = new AddressCache();
  private final Connections connections;
  private final RelaySockets relays;
  private final List<TcpListener> acceptors = new ArrayList<>();
  private final StunTurnServer machine;
  private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
  private volatile DatapathStatistics published = DatapathStatistics.NONE;
  private volatile boolean stopped;
  private boolean stopping;
  private boolean unpublished = true;
  private long publishAt = System.nanoTime();
  private long lastFaultLogged;

  /**
   * A shard that owns these sockets from now on.
   *
   * @param mostConnections how many TCP connections it may have
   * @throws IOException if the system gives no selector; the sockets are still the caller's then
   */
  Shard(
      String name,
      ShardSockets sockets,
      int mostConnections,
      RelayObserver observer,
      Function<ServerActions, StunTurnServer> machine)
      throws IOException {
    this.name = name;
    this.selector = Selector.open();
    this.connections = new Connections(selector, counters, mostConnections);
    this.relays = new RelaySockets(selector, buffer, addresses, counters);
    ShardActions actions = new ShardActions(connections, relays, buffer, counters, observer);
    for (ShardSockets.Udp udp : sockets.udp()) {
      UdpSocket socket = new UdpSocket(udp.channel(), counters);
      UdpListener listener = new UdpListener(udp.local(), socket, buffer, addresses);
      udp.channel().register(selector, SelectionKey.OP_READ, listener);
      actions.listener(listener);
    }
    for (ShardSockets.Tcp tcp : sockets.tcp()) {
      SelectionKey key = tcp.channel().register(selector, SelectionKey.OP_ACCEPT);
      TcpListener listener = new TcpListener(tcp.local(), tcp.channel(), key, connections);
      key.attach(listener);
      acceptors.add(listener);
    }
    this.machine = machine.apply(actions);
  }

  String name() {
    return name;
  }

  /** Hands a command to the shard's thread; false if that has ended, and the command never runs. */
  boolean submit(Command command) {
    if (stopped) {
      return false;
    }
    commands.add(command);
    selector.wakeup();
    return true;
  }

  /** What the shard last published. */
  DatapathStatistics statistics() {
    return published;
  }

  /** Gives the selector back, when the start failed and the thread never ran. */
  void abandon() {
    try {
      selector.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, name + ": a selector did not close", e);
    }
  }

  /** Ends every allocation and then the loop; for {@link #submit}. */
  void stop(StunTurnServer server, long now) {
    server.endAll(EndReason.SHUTDOWN, now);
    stopping = true;
  }

  /** Runs until it is stopped, and closes everything. */
  @Override
  public void run() {
    try {
      while (!stopping) {
        turn();
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, name + " cannot go on: its selector failed", e);
    } finally {
      end();
    }
  }

  private void turn() throws IOException {
    long timeout = timeoutMillis(System.nanoTime());
    if (timeout == 0) {
      selector.selectNow();
    } else {
      selector.select(timeout);
    }
    long now = System.nanoTime();
    runCommands(now);
    if (!selector.selectedKeys().isEmpty()) {
      unpublished = true;
      for (SelectionKey key : selector.selectedKeys()) {
        handle(key, now);
      }
      selector.selectedKeys().clear();
    }
    settle(now);
  }

  private void settle(long now) throws IOException {
    try {
      if (due(machine.deadlineNanos(), now)) {
        unpublished = true;
        machine.advance(now);
      }
      relays.settle(machine, now);
      connections.settle(machine, now);
    } catch (RuntimeException e) {
      fault(e, now);
    }
    for (TcpListener acceptor : acceptors) {
      acceptor.resumeIfDue(now);
    }
    if (unpublished && publishAt - now <= 0) {
      publish(now);
    }
  }

  private static boolean due(long deadline, long now) {
    return deadline != StunTurnServer.NO_DEADLINE && deadline - now <= 0;
  }

  private void handle(SelectionKey key, long now) {
    Selected selected = (Selected) key.attachment();
    try {
      if (key.isValid()) {
        selected.ready(machine, now);
      }
    } catch (IOException | CancelledKeyException e) {
      selected.failed(machine, now);
    } catch (RuntimeException e) {
      fault(e, now);
      selected.failed(machine, now);
    }
  }

  private void runCommands(long now) {
    for (Command command = commands.poll(); command != null; command = commands.poll()) {
      unpublished = true;
      try {
        command.run(machine, now);
      } catch (RuntimeException e) {
        fault(e, now);
      }
    }
  }

  /** How long the selector may sleep; 0 for not at all, and never a round of waking too early. */
  private long timeoutMillis(long now) {
    if (connections.unsettled() || !commands.isEmpty()) {
      return 0;
    }
    long nanos = LONGEST_SLEEP;
    long deadline = machine.deadlineNanos();
    if (deadline != StunTurnServer.NO_DEADLINE) {
      nanos = Math.min(nanos, deadline - now);
    }
    if (connections.size() > 0) {
      nanos = Math.min(nanos, connections.deadline() - now);
    }
    for (TcpListener acceptor : acceptors) {
      if (acceptor.paused()) {
        nanos = Math.min(nanos, acceptor.resumeAt() - now);
      }
    }
    if (unpublished) {
      nanos = Math.min(nanos, publishAt - now);
    }
    return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
  }

  private void publish(long now) {
    unpublished = false;
    publishAt = now + PUBLISH_EVERY;
    published =
        new DatapathStatistics(
            machine.counters(),
            counters.packetsIn,
            counters.bytesIn,
            counters.packetsOut,
            counters.bytesOut,
            connections.size(),
            counters.connectionsAccepted,
            counters.drops(),
            counters.faults,
            stopping ? 0 : 1);
  }

  /** A broken invariant: a bug that must cost one session, not the server, nor the log its disk. */
  private void fault(RuntimeException e, long now) {
    counters.faults++;
    if (counters.faults == 1 || now - lastFaultLogged > LOG_FAULTS_EVERY) {
      lastFaultLogged = now;
      LOG.log(Level.ERROR, name + ": fault " + counters.faults + "; the session is dropped", e);
    }
  }

  private void end() {
    if (!stopping) {
      stopping = true;
      machine.endAll(EndReason.RELAY_FAILED, System.nanoTime());
    }
    connections.closeAll();
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, name + ": a socket did not close", e);
    }
    stopped = true;
    runCommands(System.nanoTime());
    publish(System.nanoTime());
  }
}
