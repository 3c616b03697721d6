package org.bradawl.agent.path;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.Framing;
import org.bradawl.agent.net.LengthFraming;
import org.bradawl.agent.net.StunFraming;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.net.TcpPort;
import org.bradawl.agent.net.UdpSocket;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Step;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.Traversal;
import org.jspecify.annotations.Nullable;

/**
 * The sockets and connections of one crossing, by the numbers that the machine gives them, and the
 * way that ends up standing on one of them. On the loop's thread alone.
 */
final class Ends {

  /** Is told, on the loop's thread, what becomes of the ends and what comes over them. */
  interface Listener {

    /** A socket is open. */
    void opened(int socket, TransportAddress local);

    /** A socket cannot be had. */
    void openFailed(int socket);

    /** A STUN message that belongs to no way has come to a socket. */
    void received(int socket, TransportAddress from, StunMessage message);

    /** Somebody has connected to the port of a socket. */
    void strange(TcpLink link);

    /** A connection stands. */
    void connected(int connection);

    /** A connection did not come about, or has ended. */
    void connectionFailed(int connection);

    /** A STUN message that belongs to no way has come over a connection. */
    void receivedOver(int connection, StunMessage message);
  }

  private final EventLoop loop;
  private final MainSockets main;
  private final TransportAddress server;
  private final Switchboard switchboard;
  private final Paths paths;
  private final Listener listener;
  private final Map<Integer, UdpSocket> sockets = new HashMap<>();
  private final Map<Integer, TcpPort> ports = new HashMap<>();
  private final Map<Integer, TcpLink> links = new HashMap<>();
  private final List<Object> kept = new ArrayList<>();

  /**
   * Only the main socket, to begin with.
   *
   * @param server what local addresses are chosen towards
   */
  Ends(
      EventLoop loop,
      MainSockets main,
      TransportAddress server,
      Switchboard switchboard,
      Paths paths,
      Listener listener) {
    this.loop = loop;
    this.main = main;
    this.server = server;
    this.switchboard = switchboard;
    this.paths = paths;
    this.listener = listener;
  }

  /** Opens a socket; the outcome comes later, never from within this call. */
  void open(int socket) {
    try {
      UdpSocket opened =
          UdpSocket.open(
              loop,
              new TransportAddress(bound(server).address(), 0),
              (from, datagram) -> received(socket, from, datagram));
      sockets.put(socket, opened);
      TransportAddress local =
          new TransportAddress(main.localTowards(server).address(), opened.local().port());
      loop.execute(() -> listener.opened(socket, local));
    } catch (IOException e) {
      loop.execute(() -> listener.openFailed(socket));
    }
  }

  /** Opens a port for TCP; the outcome comes later, never from within this call. */
  void openTcp(int socket) {
    try {
      TransportAddress at = new TransportAddress(bound(server).address(), 0);
      TcpPort opened = TcpPort.listen(loop, at, LengthFraming::new, listener::strange);
      ports.put(socket, opened);
      TransportAddress local =
          new TransportAddress(main.localTowards(server).address(), opened.local().port());
      loop.execute(() -> listener.opened(socket, local));
    } catch (IOException e) {
      loop.execute(() -> listener.openFailed(socket));
    }
  }

  /** The socket whose port a connection has come to. */
  int socketOf(TcpLink link) {
    int port = local(link).port();
    return ports.entrySet().stream()
        .filter(open -> open.getValue().local().port() == port)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(Traversal.MAIN);
  }

  private void received(int socket, TransportAddress from, ByteBuffer datagram) {
    UdpSocket end = sockets.get(socket);
    if (end != null) {
      switchboard
          .deliver(end, from, datagram)
          .ifPresent(message -> listener.received(socket, from, message));
    }
  }

  /**
   * Sends a datagram from a socket, if it is still there.
   *
   * @param ttl how many hops it may see; 0 for the usual
   */
  void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram) {
    UdpSocket from = socket == Traversal.MAIN ? main.udp(to).orElse(null) : sockets.get(socket);
    if (from != null && ttl > 0) {
      from.sendDying(to, ttl, datagram);
    } else if (from != null) {
      from.send(to, datagram);
    }
  }

  /**
   * Connects from a socket's port; the outcome comes later.
   *
   * @param ttl how many hops its first SYN may see; 0 for the usual
   */
  void connect(int connection, int socket, TransportAddress to, int ttl) {
    connect(connection, socket, to, ttl, new LengthFraming());
  }

  /** The same to the server, for STUN. */
  void ask(int connection, int socket, TransportAddress to) {
    connect(connection, socket, to, 0, new StunFraming());
  }

  private void connect(int connection, int socket, TransportAddress to, int ttl, Framing framing) {
    try {
      TcpPort port = ports.get(socket);
      TransportAddress from = port == null ? bound(to) : port.local();
      OfLink ear = new OfLink(connection, null, to);
      TcpLink link = TcpLink.connect(loop, from, to, ttl, framing, ear);
      ear.link = link;
      links.put(connection, link);
    } catch (IOException e) {
      loop.execute(() -> failed(connection));
    }
  }

  /** Where the main socket towards somewhere is bound. */
  private TransportAddress bound(TransportAddress remote) throws IOException {
    return main.udp(remote)
        .map(UdpSocket::local)
        .orElseThrow(() -> new IOException("nothing leads to " + remote));
  }

  private void failed(int connection) {
    links.remove(connection);
    listener.connectionFailed(connection);
  }

  /** Sends a message over a connection, if it is still there. */
  void sendOver(int connection, ByteBuffer message) {
    TcpLink link = links.get(connection);
    if (link != null) {
      link.send(message);
    }
  }

  /** A connection that the other side has made takes part under this number. */
  void accepted(int connection, TcpLink link, TransportAddress remote) {
    links.put(connection, link);
    link.listener(new OfLink(connection, link, remote));
  }

  /** The way that was agreed on; its end stays open for it. */
  Path path(Outcome.Connected connected) {
    int number = connected.socket();
    TransportAddress remote = connected.remote();
    if (connected.transport() == Transport.TCP) {
      TcpLink link = links.get(number);
      if (link == null) {
        throw new IllegalStateException("a connection was agreed on that there never was");
      }
      kept.add(link);
      return attached(link, connected.step(), local(link), remote, link::send, link::close);
    }
    UdpSocket socket =
        number == Traversal.MAIN ? main.udp(remote).orElse(null) : sockets.get(number);
    if (socket == null) {
      throw new IllegalStateException("a socket was agreed on that there never was");
    }
    kept.add(socket);
    TransportAddress local =
        new TransportAddress(main.localTowards(remote).address(), socket.local().port());
    Runnable close = number == Traversal.MAIN ? () -> {} : socket::close;
    return attached(
        socket, connected.step(), local, remote, datagram -> socket.send(remote, datagram), close);
  }

  private static TransportAddress local(TcpLink link) {
    try {
      return link.local();
    } catch (IOException e) {
      throw new IllegalStateException("a connection that stands has an end", e);
    }
  }

  private Path attached(
      Object end,
      Step step,
      TransportAddress local,
      TransportAddress remote,
      Consumer<ByteBuffer> out,
      Runnable close) {
    Inside inlet = new Inside();
    Path path =
        new Path(
            step.method(),
            step.transport(),
            local,
            remote,
            step.reason(),
            out,
            () -> {
              switchboard.detach(end, remote, inlet);
              close.run();
            });
    inlet.path = Optional.of(path);
    switchboard.attach(end, remote, inlet);
    return path;
  }

  /** Closes what no way stands on. */
  void letGo() {
    sockets.values().stream().filter(socket -> !kept.contains(socket)).forEach(UdpSocket::close);
    links.values().stream().filter(link -> !kept.contains(link)).forEach(TcpLink::close);
    ports.values().forEach(TcpPort::close);
  }

  /** Hands to the ways what comes over one of them. */
  private final class Inside implements Switchboard.Inlet {

    private Optional<Path> path = Optional.empty();

    @Override
    public void payload(ByteBuffer datagram) {
      path.ifPresent(way -> paths.received(way, datagram));
    }

    @Override
    public boolean stun(StunMessage message) {
      return path.filter(way -> paths.received(way, message, way.remote())).isPresent();
    }
  }

  private final class OfLink implements TcpLink.Listener {

    private final int number;
    private final TransportAddress remote;
    private @Nullable TcpLink link;

    OfLink(int number, @Nullable TcpLink link, TransportAddress remote) {
      this.number = number;
      this.link = link;
      this.remote = remote;
    }

    @Override
    public void connected(TransportAddress local) {
      listener.connected(number);
    }

    @Override
    public void closed() {
      failed(number);
    }

    @Override
    public void received(ByteBuffer message) {
      TcpLink end = link;
      if (end != null) {
        switchboard
            .deliver(end, remote, message)
            .ifPresent(stun -> listener.receivedOver(number, stun));
      }
    }
  }
}
