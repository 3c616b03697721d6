package org.bradawl.simulation.nat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bradawl.nat.Discovery;
import org.bradawl.nat.DiscoveryActions;
import org.bradawl.nat.DiscoverySettings;
import org.bradawl.nat.Report;
import org.bradawl.simulation.Host;
import org.bradawl.simulation.TcpConnection;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/** The shell of a {@link Discovery} on a modelled host. */
public final class SimulatedDiscovery implements DiscoveryActions {

  private final Host host;
  private final VirtualTime time;
  private final Discovery discovery;
  private final Map<Integer, Host.UdpSocket> sockets = new HashMap<>();
  private final Map<Integer, TcpConnection> connections = new HashMap<>();
  private Optional<Integer> tcpPort = Optional.empty();
  private Optional<Report> report = Optional.empty();
  private long startedNanos;
  private long finishedNanos;

  /** A discovery on {@code host} that has not begun. */
  public SimulatedDiscovery(Host host, DiscoverySettings settings) {
    this.host = host;
    this.time = host.realm().time();
    this.discovery = new Discovery(settings, time.random(), this);
  }

  /** Runs one to its end. */
  public static Report run(Host host, TransportAddress server) {
    return new SimulatedDiscovery(host, DiscoverySettings.of(server)).run();
  }

  /** Runs it to its end. */
  public Report run() {
    start();
    time.run(Duration.ofMinutes(1), () -> report.isPresent());
    return report.orElseThrow(() -> new AssertionError("a discovery ends by itself"));
  }

  /** Begins it; the world's time makes it go on. */
  public void start() {
    startedNanos = time.nanos();
    discovery.start(time.nanos());
    wakeUp();
  }

  /** What it found, once it is over. */
  public Optional<Report> report() {
    return report;
  }

  /** How long it took. */
  public Duration took() {
    return Duration.ofNanos(finishedNanos - startedNanos);
  }

  private void wakeUp() {
    discovery
        .deadlineNanos()
        .ifPresent(deadline ->
            time.at(
                deadline,
                () -> {
                  discovery.advance(time.nanos());
                  wakeUp();
                }));
  }

  @Override
  public void open(int socket) {
    Host.UdpSocket opened =
        host.udp((source, payload) -> {
          if (Decoder.decode(payload) instanceof StunMessage message) {
            discovery.received(socket, source, message, time.nanos());
          }
        });
    sockets.put(socket, opened);
    discovery.opened(socket, opened.local());
  }

  @Override
  public void send(int socket, TransportAddress to, StunMessage request) {
    Optional.ofNullable(sockets.get(socket))
        .ifPresent(found -> found.send(to, Encoder.PLAIN.encode(request)));
  }

  @Override
  public void connect(int connection, TransportAddress to) {
    int port = tcpPort.orElseGet(() -> 30_000 + time.random().nextInt(10_000));
    tcpPort = Optional.of(port);
    TcpConnection made = host.tcp().connect(port, to, Duration.ofSeconds(5));
    connections.put(connection, made);
    made.listener(
        new TcpConnection.Listener() {
          @Override
          public void established() {
            discovery.connected(connection, made.local(), time.nanos());
          }

          @Override
          public void failed() {
            discovery.connectionFailed(connection, time.nanos());
          }

          @Override
          public void received(ByteBuffer payload) {
            if (Decoder.decode(payload) instanceof StunMessage message) {
              discovery.receivedOver(connection, message, time.nanos());
            }
          }
        });
  }

  @Override
  public void sendOver(int connection, StunMessage request) {
    Optional.ofNullable(connections.get(connection))
        .ifPresent(found -> found.send(Encoder.PLAIN.encode(request)));
  }

  @Override
  public void finished(Report found) {
    finishedNanos = time.nanos();
    report = Optional.of(found);
    sockets.values().forEach(Host.UdpSocket::close);
    connections.values().forEach(TcpConnection::close);
  }
}
