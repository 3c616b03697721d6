package org.bradawl.agent.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bradawl.datapath.linux.LowTtl;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection of an {@link EventLoop} that carries whole messages; used on the loop's thread
 * only. How messages are told apart is the {@link Framing}'s business.
 */
public final class TcpLink implements AutoCloseable {

  /** What becomes of a link. */
  public interface Listener {

    /** It stands. */
    void connected(TransportAddress local);

    /** It did not come about, or is over. */
    void closed();

    /** A whole message; the buffer is the listener's only during the call. */
    void received(ByteBuffer message);
  }

  /** Waits unsent for a slow network at most; beyond it messages are lost as datagrams are. */
  private static final int MOST_PENDING = 4 << 20;

  private static final int CHUNK = 64 << 10;

  private final SocketChannel channel;
  private final Framing framing;
  private final Deque<ByteBuffer> pending = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
  private Listener listener;
  private @Nullable SelectionKey key;
  private int pendingBytes;
  private boolean over;

  private TcpLink(SocketChannel channel, Framing framing, Listener listener) {
    this.channel = channel;
    this.framing = framing;
    this.listener = listener;
  }

  /**
   * Begins to connect.
   *
   * @param from the local endpoint; its port may be listened on and connected from by others too
   * @throws IOException if it fails at once
   */
  public static TcpLink connect(
      EventLoop loop,
      TransportAddress from,
      TransportAddress to,
      Framing framing,
      Listener listener)
      throws IOException {
    return connect(loop, from, to, 0, framing, listener);
  }

  /**
   * The same with a first SYN that dies on the way, to wait for the other side's.
   *
   * @param ttl how many hops it may see; 0 for the usual
   * @throws IOException if it fails at once, or such a SYN cannot be sent here
   */
  public static TcpLink connect(
      EventLoop loop,
      TransportAddress from,
      TransportAddress to,
      int ttl,
      Framing framing,
      Listener listener)
      throws IOException {
    SocketChannel channel = SocketChannel.open(UdpSocket.family(to.address()));
    try {
      share(channel);
      channel.bind(from.toSocketAddress());
      channel.configureBlocking(false);
      TcpLink link = new TcpLink(channel, framing, listener);
      boolean done = connect(channel, from, to, ttl);
      link.register(loop, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
      if (done) {
        loop.execute(link::established);
      }
      return link;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean connect(
      SocketChannel channel, TransportAddress from, TransportAddress to, int ttl)
      throws IOException {
    if (ttl == 0) {
      return channel.connect(to.toSocketAddress());
    }
    if (!LowTtl.connecting(from, ttl, () -> channel.connect(to.toSocketAddress()))) {
      throw new IOException("this system sends no SYN with a TTL of " + ttl);
    }
    return channel.isConnected();
  }

  /** A link over a connection that was accepted. */
  static TcpLink accepted(EventLoop loop, SocketChannel channel, Framing framing)
      throws IOException {
    channel.configureBlocking(false);
    TcpLink link = new TcpLink(channel, framing, new Nobody());
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    link.register(loop, SelectionKey.OP_READ);
    return link;
  }

  private static void share(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
  }

  private void register(EventLoop loop, int interest) throws IOException {
    EventLoop.Ready handler = this::ready;
    key = channel.register(loop.selector(), interest, handler);
  }

  /** From now on what happens goes there. */
  public void listener(Listener newListener) {
    listener = newListener;
  }

  /** Its own end. */
  public TransportAddress local() throws IOException {
    return TransportAddress.of((InetSocketAddress) channel.getLocalAddress());
  }

  /** The other end. */
  public TransportAddress remote() throws IOException {
    return TransportAddress.of((InetSocketAddress) channel.getRemoteAddress());
  }

  /** Sends a message, or as soon as the network takes it. */
  public void send(ByteBuffer message) {
    if (over || pendingBytes > MOST_PENDING) {
      return;
    }
    ByteBuffer framed = framing.frame(message);
    pendingBytes += framed.remaining();
    pending.add(framed);
    try {
      flush();
    } catch (IOException e) {
      end();
    }
  }

  private void ready(SelectionKey ready) {
    try {
      if (ready.isConnectable()) {
        channel.finishConnect();
        established();
      } else {
        if (ready.isWritable()) {
          flush();
        }
        if (ready.isReadable()) {
          read();
        }
      }
    } catch (IOException e) {
      end();
    }
  }

  private void established() {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      interest(SelectionKey.OP_READ);
      listener.connected(local());
      flush();
    } catch (IOException e) {
      end();
    }
  }

  private void read() throws IOException {
    buffer.clear();
    int count = channel.read(buffer);
    if (count < 0 || !framing.take(buffer.flip(), message -> listener.received(message))) {
      end();
    }
  }

  private void flush() throws IOException {
    if (!channel.isConnected()) {
      return;
    }
    for (ByteBuffer next = pending.peek(); next != null; next = pending.peek()) {
      pendingBytes -= channel.write(next);
      if (next.hasRemaining()) {
        interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      pending.remove();
    }
    interest(SelectionKey.OP_READ);
  }

  private void interest(int operations) {
    if (key != null && key.isValid()) {
      key.interestOps(operations);
    }
  }

  private void end() {
    if (!over) {
      close();
      listener.closed();
    }
  }

  @Override
  public void close() {
    over = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a connection does not close", e);
    }
  }

  private static final class Nobody implements Listener {
    @Override
    public void connected(TransportAddress local) {}

    @Override
    public void closed() {}

    @Override
    public void received(ByteBuffer message) {}
  }
}
