package org.bradawl.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.bradawl.simulation.Packet.Segment;
import org.bradawl.stun.TransportAddress;

/**
 * As much of TCP as hole punching sees: the three-way and the simultaneous open (RFC 9293 §3.5),
 * RST for what nobody waits for, SYNs sent again, and writes that arrive in order and once.
 * Listening and connecting from one port is allowed, as with {@code SO_REUSEPORT}.
 */
public final class TcpStack {

  record Pair(TransportAddress local, TransportAddress remote) {}

  private final Host host;
  private final VirtualTime time;
  private final Map<Integer, Consumer<TcpConnection>> listeners = new HashMap<>();
  private final Map<Pair, TcpConnection> connections = new HashMap<>();
  private final Set<Integer> used = new HashSet<>();

  TcpStack(Host host, VirtualTime time) {
    this.host = host;
    this.time = time;
  }

  /** Has connections to {@code port} handed to {@code accepted} once they are established. */
  public void listen(int port, Consumer<TcpConnection> accepted) {
    used.add(port);
    listeners.put(port, accepted);
  }

  /** Connects from a free port. */
  public TcpConnection connect(TransportAddress remote, Duration limit) {
    return connect(host.ephemeralPort(), remote, limit);
  }

  /** Connects from {@code localPort}; the attempt fails once {@code limit} is over. */
  public TcpConnection connect(int localPort, TransportAddress remote, Duration limit) {
    return connect(localPort, remote, 0, limit);
  }

  /**
   * The same with a first SYN that dies after {@code ttl} hops, 0 for the usual; that it died is
   * ignored, and its repetitions go all the way.
   */
  public TcpConnection connect(int localPort, TransportAddress remote, int ttl, Duration limit) {
    used.add(localPort);
    Pair pair = new Pair(new TransportAddress(host.address(), localPort), remote);
    TcpConnection connection = new TcpConnection(this, pair, _ -> {});
    if (connections.putIfAbsent(pair, connection) != null) {
      throw new IllegalStateException("already connecting " + pair);
    }
    connection.open(limit, ttl > 0 ? ttl : Packet.USUAL_TTL);
    return connection;
  }

  /** Whether there is a connection, or an attempt at one, between these. */
  public boolean isConnecting(int localPort, TransportAddress remote) {
    return connections.containsKey(
        new Pair(new TransportAddress(host.address(), localPort), remote));
  }

  boolean uses(int port) {
    return used.contains(port);
  }

  VirtualTime time() {
    return time;
  }

  void transmit(Pair pair, Segment segment) {
    transmit(pair, segment, Packet.USUAL_TTL);
  }

  void transmit(Pair pair, Segment segment, int ttl) {
    host.transmit(new Packet(pair.local(), pair.remote(), ttl, segment));
  }

  void forget(Pair pair, TcpConnection connection) {
    connections.remove(pair, connection);
  }

  void receive(Packet packet, Segment segment) {
    Pair pair = new Pair(packet.destination(), packet.source());
    TcpConnection connection = connections.get(pair);
    Consumer<TcpConnection> listener = listeners.get(packet.destination().port());
    if (connection != null) {
      connection.receive(segment);
    } else if (segment.flag() == Segment.Flag.SYN && listener != null) {
      TcpConnection accepted = new TcpConnection(this, pair, listener);
      connections.put(pair, accepted);
      accepted.receive(segment);
    } else if (!packet.isRefusal()) {
      host.transmit(packet.refused());
    }
  }

  void unreachable(Packet packet) {
    // A soft error while connecting (RFC 1122 §4.2.3.9): the SYN is simply sent again.
  }
}
