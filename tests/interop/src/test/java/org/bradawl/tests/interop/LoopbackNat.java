package org.bradawl.tests.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.bradawl.stun.TransportAddress;

/**
 * What a full-cone NAT does for one host, on loopback: outside it is one endpoint at 127.0.0.2;
 * inside everybody who writes to that is an endpoint at 127.0.0.3, as is the STUN server.
 */
final class LoopbackNat implements AutoCloseable {

  private final DatagramSocket outside = bound("127.0.0.2");
  private final Map<SocketAddress, DatagramSocket> inside = new ConcurrentHashMap<>();
  private final DatagramSocket server;
  private volatile SocketAddress host = new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0);

  /** A NAT between a host and this STUN server. */
  LoopbackNat(int serverPort) {
    server = of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), serverPort));
    carry(outside, (datagram, from) -> send(of(from), datagram, host));
  }

  /** Where the host behind it finds the server. */
  TransportAddress server() {
    return TransportAddress.of((InetSocketAddress) server.getLocalSocketAddress());
  }

  /** Where everybody else finds the host. */
  TransportAddress external() {
    return TransportAddress.of((InetSocketAddress) outside.getLocalSocketAddress());
  }

  /** What somebody outside looks like from inside. */
  private DatagramSocket of(SocketAddress remote) {
    return inside.computeIfAbsent(
        remote,
        _ -> {
          DatagramSocket socket = bound("127.0.0.3");
          carry(
              socket,
              (datagram, from) -> {
                host = from;
                send(outside, datagram, remote);
              });
          return socket;
        });
  }

  private static DatagramSocket bound(String address) {
    try {
      return new DatagramSocket(0, InetAddress.ofLiteral(address));
    } catch (SocketException e) {
      throw new UncheckedIOException("no socket on loopback", e);
    }
  }

  private static void carry(
      DatagramSocket socket, BiConsumer<DatagramPacket, SocketAddress> onward) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
              socket.receive(packet);
              onward.accept(packet, packet.getSocketAddress());
            }
          } catch (IOException e) {
            // Closed: the test is over.
          }
        });
  }

  private static void send(DatagramSocket from, DatagramPacket packet, SocketAddress to) {
    try {
      from.send(new DatagramPacket(packet.getData(), packet.getLength(), to));
    } catch (IOException e) {
      // Nobody is there any more, or the test is over.
    }
  }

  @Override
  public void close() {
    outside.close();
    inside.values().forEach(DatagramSocket::close);
  }
}
