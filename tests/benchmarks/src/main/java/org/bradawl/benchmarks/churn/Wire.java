package org.bradawl.benchmarks.churn;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/** How a client's messages travel to the relay and back. */
sealed interface Wire extends AutoCloseable permits Wire.Datagrams, StreamWire, DtlsWire {

  /** Sends one message, or loses it. */
  void send(byte[] message) throws IOException;

  /**
   * The next message; empty if none comes in time.
   *
   * @throws IOException if the server has hung up
   */
  Optional<byte[]> receive(int millis) throws IOException;

  /** Whether a request is not sent again, since nothing gets lost (RFC 8489 §6.2.2). */
  boolean reliable();

  @Override
  void close();

  /** One UDP socket, which loses a share of what it sends and of what it gets. */
  final class Datagrams implements Wire {

    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private final double lost;
    private final SplittableRandom random;
    private final byte[] buffer = new byte[2048];

    Datagrams(InetSocketAddress server, double lost, SplittableRandom random) throws IOException {
      this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
      this.server = server;
      this.lost = lost;
      this.random = random;
    }

    @Override
    public void send(byte[] message) throws IOException {
      if (random.nextDouble() >= lost) {
        socket.send(new DatagramPacket(message, message.length, server));
      }
    }

    @Override
    public Optional<byte[]> receive(int millis) throws IOException {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      socket.setSoTimeout(millis);
      try {
        do {
          socket.receive(packet);
        } while (random.nextDouble() < lost);
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      }
      return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    @Override
    public boolean reliable() {
      return false;
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
