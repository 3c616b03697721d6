package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
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

  private Sockets() {}

  /**
   * A UDP listener.
   *
   * @param shared whether other shards bind the same address
   */
  static DatagramChannel udp(TransportAddress local, boolean shared) throws IOException {
    DatagramChannel channel = DatagramChannel.open(family(local.address()));
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, LISTENER_BUFFER);
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

  private static ProtocolFamily family(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> StandardProtocolFamily.INET;
      case IPV6 -> StandardProtocolFamily.INET6;
    };
  }
}
