package org.bradawl.simulation.traversal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bradawl.nat.DiscoverySettings;
import org.bradawl.nat.Report;
import org.bradawl.simulation.Host;
import org.bradawl.simulation.StunServer;
import org.bradawl.simulation.TcpConnection;
import org.bradawl.simulation.TcpStack;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.simulation.nat.SimulatedDiscovery;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Plan;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Traversal;
import org.bradawl.traversal.TraversalActions;

/** One side: a modelled host with a main socket that the server has seen, and a traversal on it. */
public final class SimulatedPeer implements TraversalActions {

  /** A relay that both have credentials for takes an allocation's two round trips and a bind. */
  private static final Duration RELAY_SETUP = Duration.ofMillis(120);

  private final Host host;
  private final StunServer server;
  private final VirtualTime time;
  private final Credentials credentials;
  private final Host.UdpSocket main;
  private final Map<Integer, Integer> ports = new HashMap<>();
  private final Map<Integer, Host.UdpSocket> sockets = new HashMap<>();
  private final Map<Integer, TcpConnection> connections = new HashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private Optional<Second> second = Optional.empty();
  private Optional<TransportAddress> seen = Optional.empty();
  private Optional<TransportAddress> seenTcp = Optional.empty();
  private Optional<Traversal> traversal = Optional.empty();
  private Consumer<Preparation> publisher = _ -> {};
  private Optional<Long> relayedNanos = Optional.empty();
  private Optional<TransportAddress> portMapped = Optional.empty();

  /** The main socket in the other family, on the same machine, with the server as it is there. */
  private static final class Second {
    private final Host host;
    private final TransportAddress server;
    private final Host.UdpSocket main;
    private Optional<TransportAddress> seen = Optional.empty();

    Second(Host host, TransportAddress server, Host.UdpSocket main) {
      this.host = host;
      this.server = server;
      this.main = main;
    }
  }

  /**
   * Opens a main socket in the other family too.
   *
   * @param otherServer where the server listens in it
   */
  public SimulatedPeer andAlso(Host other, TransportAddress otherServer) {
    Host.UdpSocket socket =
        other.udp((source, payload) -> received(Traversal.MAIN, source, payload));
    Second opened = new Second(other, otherServer, socket);
    other.tcp().listen(socket.local().port(), connection -> accepted(Traversal.MAIN, connection));
    second = Optional.of(opened);
    return this;
  }

  /** Where the server sees the main socket of the other family. */
  public Optional<TransportAddress> seenToo() {
    return second.flatMap(other -> other.seen);
  }

  /** A peer on {@code host} that has opened its main socket. */
  public SimulatedPeer(Host host, StunServer server) {
    this.host = host;
    this.server = server;
    this.time = host.realm().time();
    this.credentials = Credentials.random(time.random());
    this.main = host.udp((source, payload) -> received(Traversal.MAIN, source, payload));
    sockets.put(Traversal.MAIN, main);
    host.tcp().listen(main.local().port(), connection -> accepted(Traversal.MAIN, connection));
  }

  /** Its credentials for checks. */
  public Credentials credentials() {
    return credentials;
  }

  /** Where the server sees the main socket. */
  public Optional<TransportAddress> seen() {
    return seen;
  }

  /** Where the server sees its TCP port. */
  public Optional<TransportAddress> seenTcp() {
    return seenTcp;
  }

  /** Its host. */
  public Host host() {
    return host;
  }

  /** Where the main socket is bound. */
  public TransportAddress mainSocket() {
    return main.local();
  }

  /** Tells the server from now on that a router has opened this endpoint for the main socket. */
  public void portMapped(TransportAddress external) {
    portMapped = Optional.of(external);
  }

  /** What discovery finds from here. */
  public Report discover() {
    return new SimulatedDiscovery(host, DiscoverySettings.of(server.address()).withTcp()).run();
  }

  /** Has the server see the main socket and the TCP port, as the connect request does. */
  public void meetServer() {
    for (int tries = 0; tries < 20 && seen.isEmpty(); tries++) {
      main.send(server.address(), Encoder.PLAIN.encode(question()));
      time.run(Duration.ofMillis(200), () -> seen.isPresent());
    }
    second.ifPresent(other -> {
      for (int tries = 0; tries < 20 && other.seen.isEmpty(); tries++) {
        other.main.send(other.server, Encoder.PLAIN.encode(question()));
        time.run(Duration.ofMillis(200), () -> other.seen.isPresent());
      }
    });
    TcpConnection connection =
        host.tcp().connect(main.local().port(), server.address(), Duration.ofSeconds(20));
    connection.listener(
        new TcpConnection.Listener() {
          @Override
          public void received(ByteBuffer payload) {
            seenTcp = mapped(payload);
          }
        });
    connection.send(Encoder.PLAIN.encode(question()));
    time.run(Duration.ofSeconds(20), () -> seenTcp.isPresent());
  }

  private StunMessage question() {
    return StunMessage.request(Method.Known.BINDING, TransactionId.random(time.random())).build();
  }

  private static Optional<TransportAddress> mapped(ByteBuffer payload) {
    return Decoder.decode(payload) instanceof StunMessage message
        ? message.first(XorMappedAddress.class).map(XorMappedAddress::address)
        : Optional.empty();
  }

  /** What the server knows of this peer. */
  public Peer known(String name, Report report) {
    return new Peer(
        name,
        report,
        Stream.concat(Stream.of(main.local()), second.stream().map(other -> other.main.local()))
            .toList(),
        Stream.concat(seen.stream(), seenToo().stream()).map(TransportAddress::address).toList(),
        portMapped,
        Peer.Abilities.usual());
  }

  /** Gets the plan; {@code publisher} carries preparations to the server. */
  public void begin(
      Side side,
      Peer self,
      Peer peer,
      Plan plan,
      Credentials remote,
      Consumer<Preparation> newPublisher) {
    publisher = newPublisher;
    Traversal made =
        new Traversal(
            new Traversal.Setting(
                side, self, peer, plan, credentials, remote, seen, seenTcp, server.endpoints()),
            time.random(),
            this);
    traversal = Optional.of(made);
    made.start(time.nanos());
    wakeUp(made);
  }

  private void wakeUp(Traversal made) {
    made.deadlineNanos()
        .ifPresent(deadline ->
            time.at(
                deadline,
                () -> {
                  made.advance(time.nanos());
                  wakeUp(made);
                }));
  }

  /** The server has brought the other side's preparation. */
  public void prepared(Preparation theirs, long goNanos) {
    if (traversal.isEmpty()) {
      // It has overtaken the plan.
      time.after(Duration.ofMillis(1), () -> prepared(theirs, goNanos));
      return;
    }
    with(running -> {
      running.prepared(theirs, goNanos, time.nanos());
      wakeUp(running);
    });
  }

  /** How it ended, once it has. */
  public Optional<Outcome> outcome() {
    return traversal.flatMap(Traversal::outcome);
  }

  /** Every outcome it was told: never more than one. */
  public List<Outcome> outcomes() {
    return outcomes;
  }

  /** When relaying worked, if it was asked for. */
  public Optional<Long> relayedNanos() {
    return relayedNanos;
  }

  /** Where a path of this peer begins. */
  public Optional<TransportAddress> localOf(int socket) {
    return Optional.ofNullable(sockets.get(socket))
        .map(Host.UdpSocket::local)
        .or(() -> Optional.ofNullable(connections.get(socket)).map(TcpConnection::local));
  }

  private void with(Consumer<Traversal> what) {
    traversal.ifPresent(what);
  }

  private void received(int socket, TransportAddress source, ByteBuffer payload) {
    if (traversal.isEmpty()) {
      Optional<TransportAddress> here = mapped(payload);
      second
          .filter(other -> other.server.equals(source))
          .ifPresentOrElse(
              other -> other.seen = other.seen.or(() -> here), () -> seen = seen.or(() -> here));
    } else if (Decoder.decode(payload) instanceof StunMessage message) {
      with(running -> {
        running.received(socket, source, message, time.nanos());
        wakeUp(running);
      });
    }
  }

  private void accepted(int socket, TcpConnection connection) {
    with(running -> {
      int number = running.accepted(socket, connection.remote(), time.nanos());
      connections.put(number, connection);
      listen(number, connection);
    });
  }

  private void listen(int number, TcpConnection connection) {
    connection.listener(
        new TcpConnection.Listener() {
          @Override
          public void established() {
            with(running -> {
              running.connected(number, time.nanos());
              wakeUp(running);
            });
          }

          @Override
          public void failed() {
            with(running -> {
              running.connectionFailed(number, time.nanos());
              wakeUp(running);
            });
          }

          @Override
          public void received(ByteBuffer payload) {
            if (Decoder.decode(payload) instanceof StunMessage message) {
              with(running -> {
                running.receivedOver(number, message, time.nanos());
                wakeUp(running);
              });
            }
          }
        });
  }

  @Override
  public void open(int socket) {
    Host.UdpSocket opened = host.udp((source, payload) -> received(socket, source, payload));
    sockets.put(socket, opened);
    with(running -> running.opened(socket, opened.local(), time.nanos()));
  }

  @Override
  public void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
    Host.UdpSocket from = isSecond(socket, to) ? second.get().main : sockets.get(socket);
    if (from != null && ttl > 0) {
      from.send(to, datagram, ttl);
    } else if (from != null) {
      from.send(to, datagram);
    }
  }

  private boolean isSecond(int socket, TransportAddress to) {
    return socket == Traversal.MAIN
        && second
            .filter(other -> other.host.address().family() == to.address().family())
            .isPresent();
  }

  @Override
  public void openTcp(int socket) {
    int port = host.ephemeralPort();
    ports.put(socket, port);
    host.tcp().listen(port, connection -> accepted(socket, connection));
    with(running ->
        running.opened(socket, new TransportAddress(host.address(), port), time.nanos()));
  }

  @Override
  public void connect(int connection, int socket, TransportAddress to, int ttl) {
    boolean other = isSecond(socket, to);
    TcpStack stack = other ? second.get().host.tcp() : host.tcp();
    int port =
        other ? second.get().main.local().port() : ports.getOrDefault(socket, main.local().port());
    if (stack.isConnecting(port, to)) {
      with(running -> running.connectionFailed(connection, time.nanos()));
      return;
    }
    TcpConnection made = stack.connect(port, to, ttl, Duration.ofSeconds(3));
    connections.put(connection, made);
    listen(connection, made);
  }

  @Override
  public void ask(int connection, int socket, TransportAddress endpoint) {
    connect(connection, socket, endpoint, 0);
  }

  @Override
  public void sendOver(int connection, ByteBuffer message) {
    Optional.ofNullable(connections.get(connection)).ifPresent(found -> found.send(message));
  }

  @Override
  public void publish(Preparation preparation) {
    publisher.accept(preparation);
  }

  @Override
  public void relay() {
    time.after(
        RELAY_SETUP,
        () ->
            with(running -> {
              relayedNanos = Optional.of(time.nanos());
              running.relayed(time.nanos());
              wakeUp(running);
            }));
  }

  @Override
  public void finished(Outcome outcome) {
    outcomes.add(outcome);
  }
}
