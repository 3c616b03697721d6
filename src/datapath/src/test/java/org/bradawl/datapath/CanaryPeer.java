package org.bradawl.datapath;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** A peer that answers nothing and tells what it heard. */
final class CanaryPeer implements AutoCloseable {

  private final DatagramSocket socket;

  CanaryPeer() throws IOException {
    this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
  }

  TransportAddress address() {
    return new TransportAddress(IpAddress.of(socket.getLocalAddress()), socket.getLocalPort());
  }

  void send(String text, TransportAddress target) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, target.toSocketAddress()));
  }

  /** The same, for where no checked exception may come from. */
  void sendUnchecked(String text, TransportAddress target) {
    try {
      send(text, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<String> receive(Duration limit) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    socket.setSoTimeout((int) limit.toMillis());
    try {
      socket.receive(packet);
      return Optional.of(
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
