package org.bradawl.agent.path;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.net.UdpSocket;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/**
 * A host's main socket in each address family that leads to the server: one, or two where there is
 * IPv6 beside IPv4. Everything else takes them for one and says only where to. On the loop's thread
 * alone.
 */
public final class MainSockets implements AutoCloseable {

  /** Takes the datagrams that come to any of them. */
  @FunctionalInterface
  public interface Listener {
    /** A datagram; {@code end} stands for the socket. */
    void received(Object end, TransportAddress from, ByteBuffer datagram);
  }

  private final List<MainSocket> sockets;

  private MainSockets(List<MainSocket> sockets) {
    this.sockets = List.copyOf(sockets);
  }

  /**
   * Opens them.
   *
   * @param stuns the server's STUN endpoints, the best first; the first of each family counts
   * @param acceptor gets the connections that come in, framed by their lengths
   * @throws IOException if there is none at all for the best
   */
  public static MainSockets open(
      EventLoop loop,
      RandomGenerator random,
      List<TransportAddress> stuns,
      Consumer<TcpLink> acceptor)
      throws IOException {
    TransportAddress best =
        stuns.stream()
            .findFirst()
            .orElseThrow(() -> new IOException("the server names no STUN server"));
    List<MainSocket> opened = new ArrayList<>();
    opened.add(MainSocket.open(loop, random, best, acceptor));
    other(best, stuns)
        .ifPresent(second -> {
          try {
            opened.add(MainSocket.open(loop, random, second, acceptor));
          } catch (IOException | UnsupportedOperationException e) {
            // A system without that family; the other is enough.
            opened.subList(1, opened.size()).clear();
          }
        });
    return new MainSockets(opened);
  }

  /** The server in the other family, where a route leads there. */
  private static Optional<TransportAddress> other(
      TransportAddress best, List<TransportAddress> stuns) {
    return stuns.stream()
        .filter(stun -> stun.address().family() != best.address().family())
        .findFirst()
        .filter(stun -> LocalAddresses.towards(stun).isPresent());
  }

  private Optional<MainSocket> of(IpAddress.Family family) {
    return sockets.stream().filter(socket -> socket.family() == family).findFirst();
  }

  /** From now on datagrams go there. */
  public void listener(Listener listener) {
    for (MainSocket socket : sockets) {
      UdpSocket udp = socket.udp();
      udp.listener((from, datagram) -> listener.received(udp, from, datagram));
    }
  }

  /** The UDP socket that reaches {@code remote}; empty where that family leads nowhere. */
  Optional<UdpSocket> udp(TransportAddress remote) {
    return of(remote.address().family()).map(MainSocket::udp);
  }

  /** Where they are bound, one endpoint for each address that others may reach. */
  public List<TransportAddress> hosts() {
    return sockets.stream().flatMap(socket -> socket.hosts().stream()).toList();
  }

  /** Our end of a way to {@code remote}. */
  TransportAddress localTowards(TransportAddress remote) {
    return of(remote.address().family()).orElse(sockets.getFirst()).localTowards(remote);
  }

  /** The server's STUN endpoints in the best family: every combination of address and port. */
  public List<TransportAddress> servers() {
    return sockets.getFirst().servers();
  }

  /** From now on the server knows them all by this key. */
  public void announce(String key) {
    sockets.forEach(socket -> socket.announce(key));
  }

  /** Tells the server again at once where they are: it may see them elsewhere by now. */
  public void again() {
    sockets.forEach(MainSocket::again);
  }

  /** This host has come to another network, which those that stay bound do not mind. */
  public void moved() {
    sockets.forEach(MainSocket::moved);
  }

  /** Whether the server has answered all of them, or does not seem to. */
  public boolean areAnswered() {
    return sockets.stream().allMatch(MainSocket::isAnswered);
  }

  /** Takes the server's answers; whether this was one. */
  public boolean received(TransportAddress from, StunMessage message) {
    return sockets.stream().anyMatch(socket -> socket.received(from, message));
  }

  @Override
  public void close() {
    sockets.forEach(MainSocket::close);
  }
}
