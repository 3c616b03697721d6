package org.bradawl.datapath;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.bradawl.stun.StreamDecoder;
import org.bradawl.stun.StreamDecoder.Framed;
import org.bradawl.stun.TransportAddress;

/** How a test's client reaches the server: messages out and in, whatever carries them. */
interface ClientWire extends AutoCloseable {

  void send(byte[] message) throws IOException;

  /** The next message, or empty when none comes in time or the server closed the connection. */
  Optional<byte[]> receive(Duration limit) throws IOException;

  /**
   * How long to wait for an answer, of the nanoseconds that are left, before asking again. What is
   * sent over a stream arrives, and is not sent again (RFC 8489 §6.2.2).
   */
  default Duration patience(long nanosLeft) {
    return Duration.ofNanos(nanosLeft);
  }

  TransportAddress local();

  @Override
  void close();

  /** What a test does to a message on its way out. */
  interface Sending {
    void send(byte[] message) throws IOException;
  }

  /** The same wire with another way of sending. */
  default ClientWire sending(Sending way) {
    ClientWire plain = this;
    return new ClientWire() {
      @Override
      public void send(byte[] message) throws IOException {
        way.send(message);
      }

      @Override
      public Optional<byte[]> receive(Duration limit) throws IOException {
        return plain.receive(limit);
      }

      @Override
      public Duration patience(long nanosLeft) {
        return plain.patience(nanosLeft);
      }

      @Override
      public TransportAddress local() {
        return plain.local();
      }

      @Override
      public void close() {
        plain.close();
      }
    };
  }

  /** Datagrams. */
  final class Udp implements ClientWire {

    private final DatagramSocket socket;
    private final InetSocketAddress server;

    Udp(TransportAddress local, TransportAddress server) throws IOException {
      this(new DatagramSocket(local.toSocketAddress()), server);
    }

    /** Over a socket that is there. */
    Udp(DatagramSocket socket, TransportAddress server) {
      this.socket = socket;
      this.server = server.toSocketAddress();
    }

    /** A datagram may be lost: RFC 8489 §6.2.1 asks again after half a second. */
    @Override
    public Duration patience(long nanosLeft) {
      return Duration.ofNanos(Math.min(nanosLeft, 500_000_000));
    }

    @Override
    public void send(byte[] message) throws IOException {
      socket.send(new DatagramPacket(message, message.length, server));
    }

    /** Where the datagram last received came from. */
    Optional<DatagramPacket> receivePacket(Duration limit) throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
      socket.setSoTimeout((int) limit.toMillis());
      try {
        socket.receive(packet);
        return Optional.of(packet);
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      }
    }

    @Override
    public Optional<byte[]> receive(Duration limit) throws IOException {
      return receivePacket(limit)
          .map(packet -> Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    @Override
    public TransportAddress local() {
      return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /** A stream, framed as RFC 8656 §12.5 says. */
  class Tcp implements ClientWire {

    private final Socket socket;
    private final StreamDecoder decoder = new StreamDecoder(65_539);
    private ByteBuffer input = ByteBuffer.allocate(0);

    Tcp(TransportAddress server) throws IOException {
      this(new Socket(server.address().toInetAddress(), server.port()));
    }

    Tcp(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
    }

    /** Bytes as they are. */
    @Override
    public void send(byte[] message) throws IOException {
      socket.getOutputStream().write(message);
    }

    @Override
    public Optional<byte[]> receive(Duration limit) throws IOException {
      long deadline = System.nanoTime() + limit.toNanos();
      while (true) {
        switch (decoder.next(input)) {
          case Framed.Message message -> {
            byte[] bytes = new byte[message.bytes().remaining()];
            message.bytes().get(bytes);
            return Optional.of(bytes);
          }
          case Framed.Broken broken -> throw new IOException("no STUN: " + broken.reason());
          case Framed.Incomplete incomplete -> {
            if (!fill(deadline - System.nanoTime())) {
              return Optional.empty();
            }
          }
        }
      }
    }

    private boolean fill(long nanos) throws IOException {
      byte[] chunk = new byte[65_536];
      socket.setSoTimeout((int) Math.max(nanos / 1_000_000, 1));
      try {
        int length = socket.getInputStream().read(chunk);
        input = ByteBuffer.wrap(chunk, 0, Math.max(length, 0));
        return length >= 0;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }

    /** The connection itself, once it carries no more messages. */
    Socket socket() {
      return socket;
    }

    /** What follows the messages read so far. */
    InputStream rest() throws IOException {
      byte[] read = new byte[input.remaining()];
      input.get(read);
      // At its end a sequence closes what it is made of, and with its input a socket would close.
      InputStream live =
          new FilterInputStream(socket.getInputStream()) {
            @Override
            public void close() {}
          };
      return new SequenceInputStream(new ByteArrayInputStream(read), live);
    }

    /** Whether the server has closed the connection, waiting for it to do so. */
    boolean closedByServer(Duration limit) throws IOException {
      long deadline = System.nanoTime() + limit.toNanos();
      byte[] chunk = new byte[65_536];
      while (deadline - System.nanoTime() > 0) {
        socket.setSoTimeout((int) Math.max((deadline - System.nanoTime()) / 1_000_000, 1));
        try {
          if (socket.getInputStream().read(chunk) < 0) {
            return true;
          }
        } catch (SocketTimeoutException e) {
          return false;
        } catch (IOException e) {
          return true; // a reset is a close, too
        }
      }
      return false;
    }

    @Override
    public TransportAddress local() {
      return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
