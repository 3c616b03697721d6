package org.bradawl.agent.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.bradawl.datapath.linux.LowTtl;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** A datagram socket of an {@link EventLoop}; used on the loop's thread only. */
public final class UdpSocket implements AutoCloseable {

  /** Takes what comes in. */
  @FunctionalInterface
  public interface Listener {
    /** A datagram; the buffer is the listener's only during the call. */
    void received(TransportAddress from, ByteBuffer datagram);
  }

  /** The largest datagram there is. */
  private static final int LARGEST = 65_535;

  /** A burst of a fast tunnel; the system's usual 200 kB drop some of it. */
  private static final int BUFFER_BYTES = 2 << 20;

  /** At most so many in a row, so that others get their turn. */
  private static final int BATCH = 64;

  private final DatagramChannel channel;
  private final TransportAddress local;
  private final ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
  private Listener listener;

  private UdpSocket(DatagramChannel channel, TransportAddress local, Listener listener) {
    this.channel = channel;
    this.local = local;
    this.listener = listener;
  }

  /**
   * Opens a socket.
   *
   * @param at the address to bind, with port 0 for any
   * @throws IOException if the system does not give it
   */
  public static UdpSocket open(EventLoop loop, TransportAddress at, Listener listener)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open(family(at.address()));
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
      channel.bind(at.toSocketAddress());
      channel.configureBlocking(false);
      UdpSocket socket =
          new UdpSocket(
              channel,
              TransportAddress.of((InetSocketAddress) channel.getLocalAddress()),
              listener);
      EventLoop.Ready handler = socket::ready;
      channel.register(loop.selector(), SelectionKey.OP_READ, handler);
      return socket;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  static StandardProtocolFamily family(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> StandardProtocolFamily.INET;
      case IPV6 -> StandardProtocolFamily.INET6;
    };
  }

  /** Where it is bound. */
  public TransportAddress local() {
    return local;
  }

  /** From now on what comes in goes there. */
  public void listener(Listener newListener) {
    listener = newListener;
  }

  /** Sends; what the system refuses to send is as lost as what the network loses. */
  public boolean send(TransportAddress to, ByteBuffer datagram) {
    try {
      return channel.isOpen() && channel.send(datagram, to.toSocketAddress()) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Sends a datagram that dies after {@code ttl} hops, or nothing where that cannot be done;
   * whether it could.
   */
  public boolean sendDying(TransportAddress to, int ttl, ByteBuffer datagram) {
    return channel.isOpen() && LowTtl.during(local, ttl, () -> send(to, datagram));
  }

  private void ready(SelectionKey key) throws IOException {
    for (int i = 0; i < BATCH && channel.isOpen(); i++) {
      buffer.clear();
      @Nullable SocketAddress from;
      try {
        from = channel.receive(buffer);
      } catch (IOException e) {
        // An ICMP error about something sent before: the next receive goes on.
        continue;
      }
      if (from == null) {
        return;
      }
      listener.received(TransportAddress.of((InetSocketAddress) from), buffer.flip());
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("a socket does not close", e);
    }
  }
}
