package org.bradawl.datapath;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Listens on every address of this machine, IPv4 and IPv6, at one port: whatever a relay lets
 * through to any form of any of them is heard here.
 */
final class Canary implements AutoCloseable {

  /** What must not come is waited for this long: plenty on a loopback, little in a build. */
  static final Duration QUIET = Duration.ofMillis(200);

  private final DatagramSocket socket;

  Canary() throws IOException {
    this.socket = new DatagramSocket(0);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Its address seen from {@code host}, a literal. */
  TransportAddress at(String host) {
    return new TransportAddress(IpAddress.parse(host), port());
  }

  /** What it heard next. */
  Optional<byte[]> heard(Duration limit) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    socket.setSoTimeout((int) limit.toMillis());
    try {
      socket.receive(packet);
      return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  void send(String text, TransportAddress target) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    InetSocketAddress address = target.toSocketAddress();
    socket.send(new DatagramPacket(bytes, bytes.length, address));
  }

  /** Fails if anything is heard. */
  void assertSilence() throws IOException {
    Optional<byte[]> heard = heard(QUIET);
    if (heard.isPresent()) {
      throw new AssertionError(
          "the canary heard: " + new String(heard.get(), StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
