package org.bradawl.agent.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** The addresses that this host has. */
public final class LocalAddresses {

  private LocalAddresses() {}

  /** Which of them a packet to {@code target} leaves from; empty where no route leads there. */
  public static Optional<IpAddress> towards(TransportAddress target) {
    try (DatagramChannel channel = DatagramChannel.open(UdpSocket.family(target.address()))) {
      // Connecting a datagram socket sends nothing; it asks the routing table.
      channel.connect(target.toSocketAddress());
      InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
      return Optional.of(IpAddress.of(local.getAddress())).filter(address -> !address.isAny());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Those that others may reach, of interfaces that are up. */
  public static List<IpAddress> all() {
    List<IpAddress> found = new ArrayList<>();
    try {
      for (NetworkInterface networkInterface : NetworkInterface.networkInterfaces().toList()) {
        if (networkInterface.isUp() && !networkInterface.isLoopback()) {
          networkInterface
              .inetAddresses()
              .filter(address -> !address.isLinkLocalAddress())
              .map(IpAddress::of)
              .forEach(found::add);
        }
      }
    } catch (SocketException e) {
      throw new UncheckedIOException("the interfaces cannot be listed", e);
    }
    return found;
  }

  /** Whether an address never leaves the host. */
  public static boolean isLoopback(IpAddress address) {
    InetAddress inet = address.toInetAddress();
    return inet.isLoopbackAddress();
  }
}
