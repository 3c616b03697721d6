package org.bradawl.agent.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bradawl.stun.TransportAddress;

/** A TCP port that is listened on, and that links may connect from at the same time. */
public final class TcpPort implements AutoCloseable {

  private final ServerSocketChannel channel;

  private TcpPort(ServerSocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Listens.
   *
   * @param acceptor gets each link, on the loop's thread, and gives it a listener
   * @throws IOException if the system does not give the port
   */
  public static TcpPort listen(
      EventLoop loop, TransportAddress at, Supplier<Framing> framing, Consumer<TcpLink> acceptor)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(UdpSocket.family(at.address()));
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.bind(at.toSocketAddress());
      channel.configureBlocking(false);
      EventLoop.Ready handler = _ -> accept(loop, channel, framing, acceptor);
      channel.register(loop.selector(), SelectionKey.OP_ACCEPT, handler);
      return new TcpPort(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void accept(
      EventLoop loop,
      ServerSocketChannel channel,
      Supplier<Framing> framing,
      Consumer<TcpLink> acceptor)
      throws IOException {
    SocketChannel accepted = channel.accept();
    if (accepted != null) {
      acceptor.accept(TcpLink.accepted(loop, accepted, framing.get()));
    }
  }

  /** Where it listens. */
  public TransportAddress local() {
    try {
      return TransportAddress.of((InetSocketAddress) channel.getLocalAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("a bound socket knows where", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a port does not close", e);
    }
  }
}
