package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import jdk.net.ExtendedSocketOptions;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** Opens non-blocking sockets, each bound to one concrete address. */
final class Sockets {

  /**
   * What listeners ask the kernel for, to ride out a turn that takes long: at 200,000 packets/s and
   * 300 bytes each with the kernel's own overhead of about 700, 20 ms. The kernel grants what
   * {@code net.core.rmem_max} allows.
   */
  private static final int LISTENER_BUFFER = 4 << 20;

  /** Connections that wait to be accepted; the kernel's own limit is 4096. */
  private static final int BACKLOG = 1024;

  /** Peers that connect to one relayed address at a time; more than that is no conversation. */
  private static final int RELAY_BACKLOG = 64;

  private static final boolean FORBIDS_FRAGMENTS = knowsFragments();

  private Sockets() {}

  /** Whether {@link #mayFragment} has an effect on this system. */
  static boolean canForbidFragments() {
    return FORBIDS_FRAGMENTS;
  }

  /** Whether datagrams may be fragmented on their way; if not, those too long are refused. */
  static void mayFragment(DatagramChannel channel, boolean may) throws IOException {
    if (FORBIDS_FRAGMENTS) {
      channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, !may);
    }
  }

  private static boolean knowsFragments() {
    try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
      return channel.supportedOptions().contains(ExtendedSocketOptions.IP_DONTFRAGMENT);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A UDP listener. What it sends may be fragmented, as data for a client may (RFC 8656 §14).
   *
   * @param shared whether other shards bind the same address
   */
  static DatagramChannel udp(TransportAddress local, boolean shared) throws IOException {
    DatagramChannel channel = DatagramChannel.open(family(local.address()));
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, LISTENER_BUFFER);
      mayFragment(channel, true);
      if (shared) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      return channel.bind(local.toSocketAddress());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A UDP socket for one relayed transport address, which nobody else may share. */
  static DatagramChannel relay(TransportAddress local) throws IOException {
    DatagramChannel channel = DatagramChannel.open(family(local.address()));
    try {
      channel.configureBlocking(false);
      mayFragment(channel, true);
      return channel.bind(local.toSocketAddress());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * A TCP listener.
   *
   * @param shared whether other shards bind the same address
   */
  static ServerSocketChannel tcp(TransportAddress local, boolean shared) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(family(local.address()));
    try {
      channel.configureBlocking(false);
      if (shared) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      return channel.bind(local.toSocketAddress(), BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A listening socket for one relayed transport address; {@link #connect} can share it. */
  static ServerSocketChannel tcpRelay(TransportAddress local) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(family(local.address()));
    try {
      channel.configureBlocking(false);
      share(channel);
      return channel.bind(local.toSocketAddress(), RELAY_BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A socket that connects, or has connected, from a relayed transport address to a peer. */
  static SocketChannel connect(TransportAddress local, TransportAddress peer) throws IOException {
    SocketChannel channel = SocketChannel.open(family(local.address()));
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      share(channel);
      channel.bind(local.toSocketAddress());
      channel.connect(peer.toSocketAddress());
      return channel;
    } catch (IOException | UnresolvedAddressException e) {
      channel.close();
      throw e instanceof IOException io ? io : new IOException(e);
    }
  }

  /**
   * Lets one address listen and connect at the same time. Linux, macOS and the BSDs want
   * SO_REUSEPORT on both sockets for that; on Windows SO_REUSEADDR means as much.
   */
  private static void share(NetworkChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
  }

  private static ProtocolFamily family(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> StandardProtocolFamily.INET;
      case IPV6 -> StandardProtocolFamily.INET6;
    };
  }
}
