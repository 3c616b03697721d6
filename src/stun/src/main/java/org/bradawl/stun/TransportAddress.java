package org.bradawl.stun;

import java.net.InetSocketAddress;

/**
 * An IP address with a port (RFC 8489 §4, "transport address").
 *
 * @param port 0 to 65535
 */
public record TransportAddress(IpAddress address, int port) {

  /** Rejects a port outside 16 bits. */
  public TransportAddress {
    if (port >>> 16 != 0) {
      throw new IllegalArgumentException("a port lies between 0 and 65535, not " + port);
    }
  }

  /** The same address as {@code socketAddress}, which must be resolved. */
  public static TransportAddress of(InetSocketAddress socketAddress) {
    return new TransportAddress(IpAddress.of(socketAddress.getAddress()), socketAddress.getPort());
  }

  /** The same address for the JDK's sockets. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(address.toInetAddress(), port);
  }

  /** {@code 192.0.2.1:3478} or {@code [2001:db8::1]:3478}. */
  @Override
  public String toString() {
    return switch (address.family()) {
      case IPV4 -> address + ":" + port;
      case IPV6 -> "[" + address + "]:" + port;
    };
  }
}
