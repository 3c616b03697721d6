package org.bradawl.server.platform.boundary;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bradawl.datapath.Datapath.Listener;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** The line that says where the server is, once all of it answers. */
final class ReadyLine {

  private ReadyLine() {}

  /** {@code bradawl ready http://… stun:… turn:…}, and {@code turns:…} where TLS is served. */
  static String of(Configuration.Http http, List<Listener> listeners) {
    StringBuilder line = new StringBuilder("bradawl ready ").append(url(http));
    best(listeners, Transport.UDP)
        .ifPresent(
            address -> line.append(" stun:").append(address).append(" turn:").append(address));
    best(listeners, Transport.TLS).ifPresent(address -> line.append(" turns:").append(address));
    return line.toString();
  }

  /** The URL of the console, by a name or address that reaches it from this machine. */
  static String url(Configuration.Http http) {
    return "http://%s:%d".formatted(hostOf(http.address()), http.port());
  }

  private static String hostOf(IpAddress address) {
    if (address.isAny()) {
      return "localhost";
    }
    return address.family() == IpAddress.Family.IPV6 ? "[" + address + "]" : address.toString();
  }

  /** One that others can reach, if there is one; IPv4 before IPv6, as more clients have it. */
  private static Optional<TransportAddress> best(List<Listener> listeners, Transport transport) {
    return listeners.stream()
        .filter(listener -> listener.transport() == transport)
        .map(Listener::address)
        .min(
            Comparator.comparing((TransportAddress address) ->
                    address.address().toInetAddress().isLoopbackAddress()
                        || address.address().toInetAddress().isLinkLocalAddress())
                .thenComparing(address -> address.address().family()));
  }
}
