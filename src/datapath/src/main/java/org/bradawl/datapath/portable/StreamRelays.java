package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.DataConnectionId;
import org.bradawl.turn.server.RefusalReason;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.StreamActions;
import org.bradawl.turn.server.StunTurnServer;

/**
 * What one shard has of relayed TCP: listening sockets, connections with peers, and the clients'
 * connections that are bound to those. An allocation's connections live on its own shard, whichever
 * shard the client's data connection reached.
 */
final class StreamRelays implements StreamActions {

  /**
   * A connection that one side has ended, and that the other side does not use, is over; long
   * enough for an answer that takes its time.
   */
  private static final long HALF_CLOSED = Duration.ofSeconds(60).toNanos();

  private static final long SWEEP_EVERY = Duration.ofSeconds(1).toNanos();

  /** How long a rate may keep a connection before it is asked again whether it was raised. */
  private static final long LONGEST_HOLD = Duration.ofMillis(250).toNanos();

  private final Selector selector;
  private final Connections clients;
  private final ShardCounters counters;
  private final Homes homes;
  private final Predicate<BoundClient> door;
  private final int most;
  private final Map<RelayId, RelayAcceptor> acceptors = new HashMap<>();
  private final Map<DataConnectionId, DataConnection> connections = new HashMap<>();
  private final Queue<Step> steps = new ArrayDeque<>();
  private final List<RelayAcceptor> paused = new ArrayList<>();
  private final Set<DataConnection> held = new LinkedHashSet<>();
  private long nextSweep;
  private long nextHeld;

  /** Something put off to the end of the turn. */
  private interface Step {
    void run(StunTurnServer machine, long now);
  }

  /**
   * No relays yet.
   *
   * @param door takes a client to this shard's thread, see {@link Homes#add}
   * @param most how many connections with peers this shard may have
   */
  StreamRelays(
      Selector selector, Connections clients, Homes homes, Predicate<BoundClient> door, int most) {
    this.selector = selector;
    this.clients = clients;
    this.counters = clients.counters();
    this.homes = homes;
    this.door = door;
    this.most = most;
  }

  ShardCounters counters() {
    return counters;
  }

  ChunkPool chunks() {
    return clients.chunks();
  }

  ByteBuffer scratch() {
    return clients.input();
  }

  int size() {
    return connections.size();
  }

  boolean hasRoom() {
    return connections.size() < most;
  }

  @Override
  public void listen(RelayId relay, TransportAddress local) {
    steps.add((machine, now) -> open(relay, local, machine, now));
  }

  private void open(RelayId relay, TransportAddress local, StunTurnServer machine, long now) {
    try {
      ServerSocketChannel channel = Sockets.tcpRelay(local);
      SelectionKey key = channel.register(selector, SelectionKey.OP_ACCEPT);
      RelayAcceptor acceptor = new RelayAcceptor(relay, local, channel, key, this);
      key.attach(acceptor);
      acceptors.put(relay, acceptor);
    } catch (BindException e) {
      machine.relayRefused(relay, RefusalReason.PORT_TAKEN, now);
      return;
    } catch (IOException e) {
      machine.relayRefused(relay, RefusalReason.UNAVAILABLE, now);
      return;
    }
    machine.relayOpened(relay, now);
  }

  /** Closes a listening socket, if {@code relay} has one, and lets the selector let go of it. */
  void close(RelayId relay) {
    RelayAcceptor acceptor = acceptors.remove(relay);
    if (acceptor == null) {
      return;
    }
    paused.remove(acceptor);
    acceptor.close();
    try {
      selector.selectNow();
    } catch (IOException e) {
      counters.fault();
    }
  }

  @Override
  public void connect(DataConnectionId id, RelayId relay, TransportAddress peer) {
    RelayAcceptor acceptor = acceptors.get(relay);
    try {
      if (acceptor == null || !hasRoom()) {
        throw new IOException("no room for another connection");
      }
      SocketChannel channel = Sockets.connect(acceptor.local(), peer);
      keep(id, channel, channel.isConnected() ? 0 : SelectionKey.OP_CONNECT);
      if (channel.isConnected()) {
        steps.add((machine, now) -> machine.connectSucceeded(id, now));
      }
    } catch (IOException e) {
      steps.add((machine, now) -> machine.connectFailed(id, now));
    }
  }

  /** Keeps a connection that a peer made. */
  void accepted(DataConnectionId id, SocketChannel channel) throws IOException {
    keep(id, channel, 0);
  }

  private void keep(DataConnectionId id, SocketChannel channel, int interest) throws IOException {
    SelectionKey key = channel.register(selector, interest);
    DataConnection connection = new DataConnection(id, channel, key, this);
    key.attach(connection);
    connections.put(id, connection);
    homes.add(id, door);
  }

  @Override
  public void close(DataConnectionId id) {
    DataConnection connection = connections.remove(id);
    if (connection != null) {
      homes.remove(id);
      connection.close();
    }
  }

  /** A connection failed, or both of its sides have ended it. */
  void ended(DataConnection connection, StunTurnServer machine, long now) {
    boolean connecting = connection.isConnecting();
    close(connection.id());
    if (connecting) {
      machine.connectFailed(connection.id(), now);
    } else {
      machine.peerConnectionGone(connection.id());
    }
  }

  @Override
  public void bind(FiveTuple client, DataConnectionId id) {
    StreamClient bound = clients.find(client);
    if (bound != null) {
      bound.bindTo(id);
    }
  }

  /** Sends a client's connection to the shard that has the peer's, or closes it. */
  void leave(BoundClient client) {
    if (!client.wire().settled() || !homes.send(client)) {
      hangUp(client);
    }
  }

  /** A client's connection has arrived. */
  void arrived(BoundClient client, StunTurnServer machine, long now) {
    clients.tls().ifPresent(client.wire()::movedTo);
    DataConnection connection = connections.get(client.id());
    if (!machine.clientBound(client.id()) || connection == null) {
      hangUp(client);
      return;
    }
    try {
      SelectionKey key = client.channel().register(selector, 0);
      connection.join(client, key, machine, now);
    } catch (IOException | CancelledKeyException e) {
      hangUp(client);
      ended(connection, machine, now);
    }
  }

  private void hangUp(BoundClient client) {
    try {
      client.wire().close();
    } catch (IOException e) {
      counters.fault();
    }
  }

  /** A wire holds input that no socket will announce. */
  void moveLater(DataConnection connection) {
    steps.add((machine, now) -> {
      try {
        connection.move(machine, now);
      } catch (IOException | CancelledKeyException e) {
        ended(connection, machine, now);
      }
    });
  }

  /** A rate is reached: nothing is read from the connection for a while. */
  void moveAfter(DataConnection connection, long nanos, long now) {
    long at = now + Math.min(nanos, LONGEST_HOLD);
    nextHeld = held.isEmpty() || at - nextHeld < 0 ? at : nextHeld;
    held.add(connection);
  }

  private void moveHeld(StunTurnServer machine, long now) {
    List<DataConnection> waited = List.copyOf(held);
    held.clear();
    for (DataConnection connection : waited) {
      if (connection.isHeld() && connections.get(connection.id()) == connection) {
        try {
          connection.move(machine, now);
        } catch (IOException | CancelledKeyException e) {
          ended(connection, machine, now);
        }
      }
    }
  }

  void resumeLater(RelayAcceptor acceptor) {
    paused.add(acceptor);
  }

  /** Ends the turn: does what was put off, and looks after what takes too long. */
  void settle(StunTurnServer machine, long now) {
    // What a step puts off in its turn waits for the next one, so that clients get theirs between.
    for (int i = steps.size(); i > 0; i--) {
      Step step = steps.poll();
      if (step != null) {
        step.run(machine, now);
      }
    }
    if (!held.isEmpty() && nextHeld - now <= 0) {
      moveHeld(machine, now);
    }
    if (isWatching() && nextSweep - now <= 0) {
      nextSweep = now + SWEEP_EVERY;
      sweep(machine, now);
    }
  }

  private void sweep(StunTurnServer machine, long now) {
    List.copyOf(connections.values()).stream()
        .filter(connection -> connection.isForsaken(now, HALF_CLOSED))
        .forEach(connection -> ended(connection, machine, now));
    paused.forEach(RelayAcceptor::resume);
    paused.clear();
  }

  /** Whether {@link #settle} has something to do at once. */
  boolean unsettled() {
    return !steps.isEmpty();
  }

  /** Whether {@link #settle} has something to look after at {@link #deadline}. */
  boolean isWatching() {
    return !connections.isEmpty() || !paused.isEmpty();
  }

  long deadline() {
    return held.isEmpty() || nextSweep - nextHeld < 0 ? nextSweep : nextHeld;
  }
}
