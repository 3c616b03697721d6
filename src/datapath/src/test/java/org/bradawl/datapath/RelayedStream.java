package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ConnectionId;

/** A client's allocation of TCP with one connection to a peer, bound: RFC 6062 with both ends. */
final class RelayedStream implements AutoCloseable {

  private final TurnClient control;
  private final ClientWire.Tcp client;
  private final InputStream fromPeer;
  private final Socket peer;

  private RelayedStream(TurnClient control, ClientWire.Tcp client, Socket peer) throws IOException {
    this.control = control;
    this.client = client;
    this.fromPeer = client.rest();
    this.peer = peer;
  }

  /** How a client reaches the relay. */
  interface Wires {
    ClientWire.Tcp open() throws IOException;
  }

  static RelayedStream open(TestRelay relay) throws IOException {
    return open(relay, relay::tcpWire);
  }

  static RelayedStream open(TestRelay relay, Wires wires) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      TurnClient control = relay.client(wires.open());
      control.allocateTcp();
      ConnectionId id =
          control.connect(
              new TransportAddress(IpAddress.parse("127.0.0.1"), listener.getLocalPort()));
      Socket peer = listener.accept();
      ClientWire.Tcp client = wires.open();
      TurnClient bound = relay.client(client);
      assertThat(TurnClient.error(bound.request(Method.Known.CONNECTION_BIND, id))).isZero();
      client.socket().setSoTimeout(0);
      return new RelayedStream(control, client, peer);
    }
  }

  /** Sends from the client to the peer; done when all of it has arrived as it was sent. */
  CompletableFuture<Void> up(int length) throws IOException {
    return transfer(client.socket().getOutputStream(), peer.getInputStream(), length);
  }

  /** The other way. */
  CompletableFuture<Void> down(int length) throws IOException {
    return transfer(peer.getOutputStream(), fromPeer, length);
  }

  private static CompletableFuture<Void> transfer(OutputStream out, InputStream in, int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            out.write(bytes);
          } catch (IOException e) {
            done.completeExceptionally(e);
          }
        });
    Thread.ofVirtual()
        .start(() -> {
          try {
            assertThat(Arrays.equals(in.readNBytes(length), bytes)).isTrue();
            done.complete(null);
          } catch (IOException | AssertionError e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  @Override
  public void close() {
    control.close();
    client.close();
    try {
      peer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
