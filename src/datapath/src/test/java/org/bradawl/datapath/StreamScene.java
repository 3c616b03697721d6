package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ConnectionId;

/**
 * What the tests of relayed TCP play with: a relay, clients, their data connections, and peers that
 * listen or connect. A subclass names the engine, and what the client's connections run under.
 */
abstract class StreamScene {

  static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

  abstract Engine engine();

  /** What the relay needs for {@link #wire}. */
  List<String> settings() {
    return List.of();
  }

  /** A connection of the client's, for control or data. */
  ClientWire.Tcp wire(TestRelay relay) throws IOException {
    return relay.tcpWire();
  }

  /** Four shards that stream clients may reach: a data connection mostly lands on another one. */
  TestRelay relay(String... overrides) {
    List<String> all = new ArrayList<>(settings());
    all.add("bradawl.engine.shards=8");
    all.addAll(List.of(overrides));
    return TestRelay.start(engine(), all.toArray(String[]::new));
  }

  TurnClient client(TestRelay relay) throws IOException {
    return relay.client(wire(relay));
  }

  DataWire bind(TestRelay relay, ConnectionId id) throws IOException {
    return DataWire.bind(wire(relay), id);
  }

  /** A client's data connection, bound. */
  record DataWire(TurnClient client, ClientWire.Tcp wire) implements AutoCloseable {

    static DataWire bind(ClientWire.Tcp wire, ConnectionId id) throws IOException {
      TurnClient client = new TurnClient(wire, TestRelay.USER, TestRelay.PASSWORD);
      assertThat(TurnClient.error(client.request(Method.Known.CONNECTION_BIND, id))).isZero();
      wire.socket().setSoTimeout((int) TurnClient.ANSWER.toMillis());
      return new DataWire(client, wire);
    }

    OutputStream out() throws IOException {
      return wire.socket().getOutputStream();
    }

    InputStream in() throws IOException {
      return wire.rest();
    }

    /** Under TLS a close waits for the peer's, and here the peer ends its side after the client. */
    @Override
    public void close() {
      try {
        wire.socket().setSoTimeout(1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      client.close();
    }
  }

  /** A client whose TCP allocation has connected to a peer; its data connection is not bound. */
  final class Reached implements AutoCloseable {

    final TestRelay relay = relay();
    final TurnClient client = client(relay);
    final ServerSocket listener = listening();
    final TransportAddress relayed = client.allocateTcp();
    final ConnectionId id = client.connect(address(listener));
    final Socket peer = accept(listener);

    Reached() throws IOException {}

    DataWire bind() throws IOException {
      return DataWire.bind(wire(relay), id);
    }

    @Override
    public void close() throws IOException {
      peer.close();
      listener.close();
      client.close();
      relay.close();
    }
  }

  /** What one side writes, the other reads. */
  static void assertCarried(OutputStream out, InputStream in, String text) throws IOException {
    out.write(bytes(text));
    assertThat(read(in, bytes(text).length)).isEqualTo(text);
  }

  static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
  }

  static TransportAddress address(ServerSocket socket) {
    return new TransportAddress(LOOPBACK, socket.getLocalPort());
  }

  static Socket accept(ServerSocket listener) throws IOException {
    listener.setSoTimeout((int) TurnClient.ANSWER.toMillis());
    Socket socket = listener.accept();
    socket.setSoTimeout((int) TurnClient.ANSWER.toMillis());
    return socket;
  }

  static Socket connectTo(TransportAddress address) throws IOException {
    Socket socket = new Socket(address.address().toInetAddress(), address.port());
    socket.setSoTimeout((int) TurnClient.ANSWER.toMillis());
    return socket;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String read(InputStream in, int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static String hash(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  static boolean endsSoon(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // a reset is an end, too
    }
  }

  /** Done once exactly these bytes have come. */
  static CompletableFuture<Void> reading(InputStream in, byte[] expected) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            assertThat(hash(in.readNBytes(expected.length))).isEqualTo(hash(expected));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  static CompletableFuture<Void> writing(OutputStream out, byte[] bytes) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            out.write(bytes);
            out.flush();
            done.complete(null);
          } catch (IOException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  /** Puts bytes behind the first message that is a ConnectionBind, in the same segment. */
  static ClientWire appending(ClientWire.Tcp wire, byte[] more) {
    return wire.sending(message -> {
      boolean bind = message[0] == 0 && message[1] == 0x0b;
      byte[] all = Arrays.copyOf(message, message.length + (bind ? more.length : 0));
      System.arraycopy(more, 0, all, message.length, all.length - message.length);
      wire.send(all);
    });
  }
}
