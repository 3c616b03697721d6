package org.bradawl.datapath;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bradawl.stun.IpAddress;

/** The addresses of this machine's interfaces. */
final class LocalAddresses {

  private LocalAddresses() {}

  /**
   * Every address of every interface that is up and that sockets can be bound to, without IPv6
   * link-local ones, which mean nothing without their interface. Loopback comes last, because the
   * first address of a family is its default; IPv4 before IPv6.
   *
   * @throws ConfigurationProblem if the system does not tell
   */
  static List<IpAddress> all() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(LocalAddresses::isUp)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isMulticastAddress() && !isScoped(address))
          .sorted(Comparator.comparing(InetAddress::isLoopbackAddress))
          .filter(LocalAddresses::canBeBound)
          .map(IpAddress::of)
          .distinct()
          .sorted(Comparator.comparing(IpAddress::family))
          .toList();
    } catch (SocketException e) {
      throw new ConfigurationProblem(
          ListenSettings.ADDRESS,
          "is not set, and the system does not tell this machine's addresses",
          "Give the addresses to listen on.",
          e);
    }
  }

  /** The addresses meant by what is configured: a wildcard means every one of its family. */
  static List<IpAddress> expand(List<IpAddress> configured, List<IpAddress> local) {
    if (configured.isEmpty()) {
      return local;
    }
    return configured.stream()
        .flatMap(address ->
            address.isAny()
                ? local.stream().filter(a -> a.family() == address.family())
                : Stream.of(address))
        .distinct()
        .toList();
  }

  private static boolean isScoped(InetAddress address) {
    return address.getAddress().length == 16 && address.isLinkLocalAddress();
  }

  /** An IPv6 address may be listed while it is still, or for good, held back as a duplicate. */
  private static boolean canBeBound(InetAddress address) {
    try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(address, 0))) {
      return probe.isBound();
    } catch (SocketException e) {
      return false;
    }
  }

  private static boolean isUp(NetworkInterface candidate) {
    try {
      return candidate.isUp();
    } catch (SocketException e) {
      // It vanished between being listed and being asked.
      return false;
    }
  }
}
