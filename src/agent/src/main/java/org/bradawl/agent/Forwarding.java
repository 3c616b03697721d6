package org.bradawl.agent;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.agent.tunnel.Duplex;

/**
 * Services of one side that the other can reach. A TCP service gets a stream for each connection; a
 * UDP service gets one too, on which each datagram has its length before it.
 */
public final class Forwarding {

  private static final int CONNECT_MILLIS = 10_000;

  private static final int LARGEST = 65_507;

  /** What is to be forwarded: a local port, through a peer, to a service. */
  public record Rule(int port, String peer, String to) {

    private static final Pattern SHAPE =
        Pattern.compile(
            "([0-9]{1,5}):([A-Za-z0-9._~@-]{1,64}):((?:udp:)?[^:]+|(?:udp:)?\\[[^]]+]):([0-9]{1,5})");

    /**
     * Reads what a user wrote.
     *
     * @throws IllegalArgumentException in words for people
     */
    public static Rule parse(String text) {
      Matcher shape = SHAPE.matcher(text);
      if (!shape.matches()) {
        throw new IllegalArgumentException(
            "what to forward is LOCALPORT:PEER:HOST:PORT, such as 8022:home:localhost:22, not "
                + text);
      }
      return new Rule(
          port(shape.group(1)), shape.group(2), shape.group(3) + ":" + port(shape.group(4)));
    }

    private static int port(String digits) {
      int port = Integer.parseInt(digits);
      if (port > 65535) {
        throw new IllegalArgumentException("a port has at most 65535: " + port);
      }
      return port;
    }
  }

  private final List<String> services;

  /** Serves these and nothing else, each written as a peer asks for it. */
  public Forwarding(List<String> services) {
    this.services = List.copyOf(services);
  }

  /** Connects a stream to a service, if it is one of these. */
  public void serve(String to, Duplex stream) throws IOException {
    if (!services.contains(to)) {
      stream.abort().run();
      return;
    }
    boolean udp = to.startsWith("udp:");
    String place = udp ? to.substring(4) : to;
    int colon = place.lastIndexOf(':');
    String host = place.substring(0, colon).replaceAll("[\\[\\]]", "");
    InetSocketAddress address =
        new InetSocketAddress(host, Integer.parseInt(place.substring(colon + 1)));
    if (udp) {
      serveUdp(address, stream);
    } else {
      try (Socket socket = new Socket()) {
        socket.connect(address, CONNECT_MILLIS);
        socket.setTcpNoDelay(true);
        join(socket, stream);
      } catch (IOException e) {
        stream.abort().run();
        throw e;
      }
    }
  }

  private static void serveUdp(InetSocketAddress address, Duplex stream) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(address);
      Thread.ofVirtual()
          .start(() -> {
            try {
              fromSocket(socket, stream);
            } catch (IOException e) {
              stream.abort().run();
            }
          });
      DataInputStream in = new DataInputStream(stream.in());
      byte[] datagram = new byte[LARGEST];
      for (int length = next(in); length >= 0; length = next(in)) {
        in.readFully(datagram, 0, length);
        socket.send(new DatagramPacket(datagram, length));
      }
    }
  }

  private static int next(DataInputStream in) throws IOException {
    try {
      return Math.min(in.readUnsignedShort(), LARGEST);
    } catch (EOFException e) {
      return -1;
    }
  }

  private static void fromSocket(DatagramSocket socket, Duplex stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream.out());
    DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
    while (!socket.isClosed()) {
      socket.receive(packet);
      out.writeShort(packet.getLength());
      out.write(packet.getData(), 0, packet.getLength());
      out.flush();
      packet.setLength(LARGEST);
    }
  }

  /** Both ways at once, until both have ended. */
  private static void join(Socket socket, Duplex stream) throws IOException {
    Thread back =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Duplex.pump(stream.in(), new HalfClosing(socket));
              } catch (IOException e) {
                // Nobody reads here any more: the other side has to stop, and to end its program's
                // connection, even if this side's program had said all it had to say.
                stream.abort().run();
                close(socket);
              }
            });
    try {
      InputStream in = socket.getInputStream();
      Duplex.pump(in, stream.out());
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      stream.abort().run();
      throw e;
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("a socket does not close", e);
    }
  }

  /**
   * Opens the local port of a rule, for programs of this machine; who connects waits until it runs.
   *
   * @throws IOException in words for people, if somebody else has it
   */
  public static Port open(Rule rule) throws IOException {
    InetAddress here = InetAddress.ofLiteral("127.0.0.1");
    try {
      return new Port(new ServerSocket(rule.port(), 64, here), rule);
    } catch (BindException e) {
      throw new IOException("port " + rule.port() + " of 127.0.0.1: " + e.getMessage(), e);
    }
  }

  /** A local port whose connections go to the other side. */
  public static final class Port implements AutoCloseable {

    private final ServerSocket listening;
    private final Rule rule;

    private Port(ServerSocket listening, Rule rule) {
      this.listening = listening;
      this.rule = rule;
    }

    /** Its number. */
    public int number() {
      return listening.getLocalPort();
    }

    /** Carries what connects to it over a connection, until that is over. */
    public void run(Connection connection) throws IOException {
      listening.setSoTimeout(500);
      while (!connection.isOver()) {
        try {
          Socket socket = listening.accept();
          Thread.ofVirtual().name("forward").start(() -> carry(socket, connection));
        } catch (java.net.SocketTimeoutException e) {
          // Time to see whether the connection is still there.
        }
      }
    }

    private void carry(Socket socket, Connection connection) {
      try (socket) {
        socket.setTcpNoDelay(true);
        join(socket, connection.open(Map.of("open", "forward", "to", rule.to())));
      } catch (IOException e) {
        // The program sees its connection end, which is all there is to say.
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }
}
