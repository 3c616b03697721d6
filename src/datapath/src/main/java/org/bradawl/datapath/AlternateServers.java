package org.bradawl.datapath;

import java.util.List;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.Redirection;

/** Servers that share the clients: the {@code bradawl.turn.alternate-servers} key. */
final class AlternateServers {

  static final String SERVERS = "bradawl.turn.alternate-servers";

  private AlternateServers() {}

  static List<Redirection> from(SettingsReader reader) {
    return reader.list(SERVERS).stream().map(AlternateServers::server).toList();
  }

  /** {@code 203.0.113.7:3478}, {@code [2001:db8::7]:3478}, with {@code /name} for TLS behind. */
  private static Redirection server(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    Optional<String> domain = slash < 0 ? Optional.empty() : Optional.of(text.substring(slash + 1));
    int colon = address.lastIndexOf(':');
    try {
      String host = address.substring(0, Math.max(colon, 0));
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      IpAddress ip = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
      int port = Integer.parseInt(address.substring(colon + 1));
      if (port > 0 && port <= 65_535 && domain.filter(AlternateServers::isNoName).isEmpty()) {
        return Redirection.to(new TransportAddress(ip, port), domain);
      }
    } catch (IllegalArgumentException e) {
      // Reported below like a port out of range: the remedy is the same.
    }
    throw new ConfigurationProblem(
        SERVERS,
        "holds something that is no server",
        "Give address:port,[address]:port, each with /name behind if clients use TLS.");
  }

  private static boolean isNoName(String domain) {
    return !domain.matches("[A-Za-z0-9.-]{1,255}");
  }
}
