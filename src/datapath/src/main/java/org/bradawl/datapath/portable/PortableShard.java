package org.bradawl.datapath.portable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.datapath.Gathering;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.datapath.ServerPlan;
import org.bradawl.datapath.Shard;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.datapath.ShardDesk;
import org.bradawl.datapath.Spoken;
import org.bradawl.stun.FiveTuple;
import org.bradawl.turn.server.Cidr;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.StunTurnServer;
import org.jspecify.annotations.Nullable;

/** A shard on NIO. */
final class PortableShard implements Shard {

  private static final Logger LOG = System.getLogger(PortableShard.class.getName());

  /** What streams may take of a turn: a listener's buffer rides out twenty times that. */
  private static final long STREAMS_NANOS = Duration.ofMillis(1).toNanos();

  /** Linux adds up to 50 µs of its own to a thread's sleep, and NIO cannot ask it not to. */
  private static final long PAUSE_NANOS = Gathering.PAUSE_NANOS / 5;

  private final String name;
  private final Selector selector;
  private final ShardCounters counters = new ShardCounters();
  private final ReceiveBuffer buffer = new ReceiveBuffer();
  private final AddressCache addresses = new AddressCache();
  private final Connections connections;
  private final Optional<DtlsSessions> dtls;
  private final RelaySockets relays;
  private final StreamRelays streams;
  private final List<TcpListener> acceptors = new ArrayList<>();
  private final StunTurnServer machine;
  private final ShardDesk desk;
  private final Gathering gathering = new Gathering();
  private @Nullable SelectionKey[] ready = new SelectionKey[64];
  private int firstStream;
  private boolean stopping;

  /**
   * A shard that owns these sockets from now on.
   *
   * @param mostConnections how many TCP connections it may have, with clients and again with peers
   * @param homes shared by all shards that stream clients may reach
   * @throws IOException if the system gives no selector; the sockets are still the caller's then
   */
  PortableShard(
      String name,
      ShardSockets sockets,
      int mostConnections,
      Homes homes,
      RelayObserver observer,
      ServerPlan plan)
      throws IOException {
    this.name = name;
    this.selector = Selector.open();
    this.desk = new ShardDesk(name, counters, selector::wakeup);
    Optional<TlsDesk> tls =
        plan.secure().map(secure -> new TlsDesk(secure, desk, counters.secured()));
    this.connections =
        new Connections(selector, counters, mostConnections, tls, plan.listen().proxies());
    this.relays = new RelaySockets(selector, buffer, addresses, counters);
    this.dtls =
        plan.secure().map(secure -> new DtlsSessions(secure, desk, counters, mostConnections));
    this.streams = new StreamRelays(selector, connections, homes, this::admit, mostConnections);
    connections.release(streams::leave);
    ShardActions actions =
        new ShardActions(connections, dtls, relays, streams, buffer, counters, observer);
    actions.desk(desk);
    for (ShardSockets.Udp udp : sockets.udp()) {
      UdpSocket socket = new UdpSocket(udp.channel(), counters);
      UdpListener listener =
          new UdpListener(
              udp.local(),
              udp.spoken(),
              socket,
              buffer,
              addresses,
              entrance(udp.spoken(), plan.listen().proxies()));
      udp.channel().register(selector, SelectionKey.OP_READ, listener);
      actions.listener(listener);
    }
    for (ShardSockets.Tcp tcp : sockets.tcp()) {
      SelectionKey key = tcp.channel().register(selector, SelectionKey.OP_ACCEPT);
      TcpListener listener =
          new TcpListener(tcp.local(), tcp.channel(), tcp.spoken(), key, connections);
      key.attach(listener);
      acceptors.add(listener);
    }
    this.machine = plan.machine(actions);
    machine.realms(path -> plan.realm(serverName(path)));
  }

  private Optional<String> serverName(FiveTuple path) {
    return switch (path.transport()) {
      case UDP, TCP -> Optional.empty();
      case TLS -> connections.serverName(path);
      case DTLS -> dtls.flatMap(sessions -> sessions.serverName(path));
    };
  }

  private @Nullable Entrance entrance(Spoken spoken, List<Cidr> proxies) {
    Entrance secured = spoken == Spoken.PLAIN ? null : dtls.orElseThrow();
    return proxies.isEmpty() ? secured : new ProxyEntrance(proxies, counters, secured);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean submit(Command command) {
    return desk.submit(command);
  }

  /** Takes a client's connection from another shard, on whose thread this runs. */
  private boolean admit(BoundClient client) {
    return desk.submit((server, now) -> streams.arrived(client, server, now));
  }

  @Override
  public DatapathStatistics statistics() {
    return desk.statistics();
  }

  @Override
  public void abandon() {
    closeSockets();
  }

  @Override
  public void stop(StunTurnServer server, long now) {
    server.endAll(EndReason.SHUTDOWN, now);
    stopping = true;
  }

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
    long before = System.nanoTime();
    long timeout = timeoutMillis(before);
    if (timeout > 0 && gathering.pays(before)) {
      LockSupport.parkNanos(PAUSE_NANOS);
      gathering.paused(before, System.nanoTime());
    }
    if (timeout == 0) {
      selector.selectNow();
    } else {
      selector.select(timeout);
    }
    long now = System.nanoTime();
    desk.runCommands(machine, now);
    handleReady(now);
    settle(now);
  }

  /** Goes over a copy, because closing a relay socket on the way runs the selector. */
  private void handleReady(long now) {
    Set<SelectionKey> selected = selector.selectedKeys();
    int count = selected.size();
    if (count == 0) {
      return;
    }
    desk.touched();
    ready = selected.toArray(ready);
    selected.clear();
    int streams = 0;
    long before = counters.packetsIn();
    for (int i = 0; i < count; i++) {
      SelectionKey key = ready[i];
      ready[i] = null;
      if (key != null && isOfDatagrams(key)) {
        handle(key, now);
      } else {
        ready[streams++] = key;
      }
    }
    gathering.came((int) (counters.packetsIn() - before), now);
    handleStreams(streams, now);
  }

  private static boolean isOfDatagrams(SelectionKey key) {
    return key.attachment() instanceof UdpListener || key.attachment() instanceof RelaySocket;
  }

  /**
   * Each turn begins with another stream, and ends when their time is up: those left over stay
   * ready. Datagrams wait for no more than that.
   */
  private void handleStreams(int count, long now) {
    long from = System.nanoTime();
    int handled = 0;
    while (handled < count && System.nanoTime() - from < STREAMS_NANOS) {
      SelectionKey key = ready[(firstStream + handled++) % count];
      if (key != null) {
        handle(key, now);
      }
    }
    Arrays.fill(ready, 0, count, null);
    firstStream = handled < count ? (firstStream + handled) % count : 0;
  }

  private void settle(long now) {
    try {
      if (ShardDesk.due(machine.deadlineNanos(), now)) {
        desk.touched();
        machine.advance(now);
      }
      int open = open();
      relays.settle(machine, now);
      streams.settle(machine, now);
      connections.settle(machine, now);
      dtls.ifPresent(sessions -> sessions.settle(machine, now));
      if (open() != open) {
        desk.touched(); // a quiet shard, too, shows that it has hung up on somebody
      }
    } catch (RuntimeException e) {
      desk.fault(e, now);
    }
    for (TcpListener acceptor : acceptors) {
      acceptor.resumeIfDue(now);
    }
    if (desk.publicationDue(now)) {
      publish(now);
    }
  }

  private int open() {
    return connections.size() + dtls.map(DtlsSessions::size).orElse(0);
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
      desk.fault(e, now);
      selected.failed(machine, now);
    }
  }

  /** How long the selector may sleep; 0 for not at all, and never a round of waking too early. */
  private long timeoutMillis(long now) {
    if (connections.unsettled() || streams.unsettled()) {
      return 0;
    }
    long nanos = desk.sleepNanos(machine.deadlineNanos(), now);
    if (connections.size() > 0) {
      nanos = Math.min(nanos, connections.deadline() - now);
    }
    if (streams.isWatching()) {
      nanos = Math.min(nanos, streams.deadline() - now);
    }
    if (dtls.isPresent() && dtls.get().size() > 0) {
      nanos = Math.min(nanos, dtls.get().deadline() - now);
    }
    for (TcpListener acceptor : acceptors) {
      if (acceptor.paused()) {
        nanos = Math.min(nanos, acceptor.resumeAt() - now);
      }
    }
    return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
  }

  private void publish(long now) {
    desk.publish(
        counters.statistics(machine.counters(), connections.size(), stopping ? 0 : 1), now);
  }

  private void end() {
    if (!stopping) {
      stopping = true;
      machine.endAll(EndReason.RELAY_FAILED, System.nanoTime());
    }
    connections.closeAll();
    dtls.ifPresent(DtlsSessions::closeAll);
    closeSockets();
    desk.close(machine, System.nanoTime());
    publish(System.nanoTime());
  }

  private void closeSockets() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, name + ": a socket did not close", e);
    }
  }
}
