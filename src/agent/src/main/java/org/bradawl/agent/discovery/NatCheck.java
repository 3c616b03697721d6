package org.bradawl.agent.discovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.net.StunFraming;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.net.UdpSocket;
import org.bradawl.nat.Discovery;
import org.bradawl.nat.DiscoveryActions;
import org.bradawl.nat.DiscoverySettings;
import org.bradawl.nat.Report;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/** The sockets of a {@link Discovery}. */
public final class NatCheck implements DiscoveryActions {

  private final EventLoop loop;
  private final IpAddress from;
  private final Discovery discovery;
  private final EventLoop.Alarm alarm;
  private final Map<Integer, UdpSocket> sockets = new HashMap<>();
  private final Map<Integer, TcpLink> links = new HashMap<>();
  private final CompletableFuture<Report> report;
  private Optional<TransportAddress> tcpLocal = Optional.empty();

  private NatCheck(
      EventLoop loop,
      DiscoverySettings settings,
      IpAddress from,
      CompletableFuture<Report> report) {
    this.report = report;
    this.loop = loop;
    this.from = from;
    this.discovery = new Discovery(settings, new SecureRandom(), this);
    this.alarm = loop.alarm(this::advance);
  }

  /**
   * Examines the NAT between this host and a server; ends within the limit of the settings.
   *
   * @return the report; exceptionally an {@link IOException} where no route leads to the server
   */
  public static CompletableFuture<Report> run(EventLoop loop, DiscoverySettings settings) {
    Optional<IpAddress> from = LocalAddresses.towards(settings.server());
    CompletableFuture<Report> report = new CompletableFuture<>();
    if (from.isPresent()) {
      loop.execute(() -> new NatCheck(loop, settings, from.get(), report).start());
    } else {
      report.completeExceptionally(new IOException("no route leads to " + settings.server()));
    }
    return report;
  }

  private void start() {
    discovery.start(loop.nanos());
    rearm();
  }

  private void advance() {
    discovery.advance(loop.nanos());
    rearm();
  }

  private void rearm() {
    alarm.set(discovery.deadlineNanos());
  }

  @Override
  public void open(int socket) {
    try {
      UdpSocket opened =
          UdpSocket.open(
              loop,
              new TransportAddress(from, 0),
              (source, datagram) -> received(socket, source, datagram));
      sockets.put(socket, opened);
      discovery.opened(socket, opened.local());
    } catch (IOException e) {
      report.completeExceptionally(e);
    }
  }

  private void received(int socket, TransportAddress source, ByteBuffer datagram) {
    if (Decoder.decode(datagram) instanceof StunMessage message) {
      discovery.received(socket, source, message, loop.nanos());
      rearm();
    }
  }

  @Override
  public void send(int socket, TransportAddress to, StunMessage request) {
    UdpSocket found = sockets.get(socket);
    if (found != null) {
      found.send(to, Encoder.PLAIN.encode(request));
    }
  }

  @Override
  public void connect(int connection, TransportAddress to) {
    try {
      TransportAddress local = tcpLocal.orElse(new TransportAddress(from, 0));
      TcpLink link =
          TcpLink.connect(loop, local, to, new StunFraming(), new OfConnection(connection));
      links.put(connection, link);
      tcpLocal = Optional.of(link.local());
    } catch (IOException e) {
      loop.execute(() -> failed(connection));
    }
  }

  private void failed(int connection) {
    discovery.connectionFailed(connection, loop.nanos());
    rearm();
  }

  @Override
  public void sendOver(int connection, StunMessage request) {
    TcpLink link = links.get(connection);
    if (link != null) {
      link.send(Encoder.PLAIN.encode(request));
    }
  }

  @Override
  public void finished(Report found) {
    // Not at once: the machine is still on the stack, and its sockets are being read.
    loop.execute(() -> {
      sockets.values().forEach(UdpSocket::close);
      links.values().forEach(TcpLink::close);
      alarm.remove();
      report.complete(found);
    });
  }

  private final class OfConnection implements TcpLink.Listener {

    private final int connection;

    OfConnection(int connection) {
      this.connection = connection;
    }

    @Override
    public void connected(TransportAddress local) {
      discovery.connected(connection, local, loop.nanos());
      rearm();
    }

    @Override
    public void closed() {
      failed(connection);
    }

    @Override
    public void received(ByteBuffer message) {
      if (Decoder.decode(message) instanceof StunMessage decoded) {
        discovery.receivedOver(connection, decoded, loop.nanos());
        rearm();
      }
    }
  }
}
