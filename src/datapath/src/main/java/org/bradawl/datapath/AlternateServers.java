package org.bradawl.datapath;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.Redirection;

/** Servers that share the clients: the {@code bradawl.turn.alternate-servers} key. */
final class AlternateServers {

  static final String SERVERS = "bradawl.turn.alternate-servers";

  private static final Pattern SECURE =
      Pattern.compile("(?:/(?<name>[A-Za-z0-9.-]{1,255})?(?::(?<port>[0-9]{1,5}))?)?");

  private AlternateServers() {}

  static List<Redirection> from(SettingsReader reader) {
    return reader.list(SERVERS).stream().map(AlternateServers::server).toList();
  }

  /**
   * {@code 203.0.113.7:3478}, {@code [2001:db8::7]:3478}; for TLS with {@code /name}, {@code /:443}
   * or {@code /name:443} behind.
   */
  private static Redirection server(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    Matcher secure = SECURE.matcher(slash < 0 ? "" : text.substring(slash));
    int colon = address.lastIndexOf(':');
    try {
      String host = address.substring(0, Math.max(colon, 0));
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      IpAddress ip = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
      int port = Integer.parseInt(address.substring(colon + 1));
      if (isPort(port) && secure.matches()) {
        Optional<String> name = Optional.ofNullable(secure.group("name"));
        int securePort =
            secure.group("port") == null
                ? Redirection.USUAL_SECURE_PORT
                : Integer.parseInt(secure.group("port"));
        if (isPort(securePort)) {
          return Redirection.to(new TransportAddress(ip, port), name, securePort);
        }
      }
    } catch (IllegalArgumentException e) {
      // Reported below like a port out of range: the remedy is the same.
    }
    throw new ConfigurationProblem(
        SERVERS,
        "holds something that is no server",
        "Give address:port,[address]:port, each with /name or /name:port behind for TLS.");
  }

  private static boolean isPort(int port) {
    return port > 0 && port <= 65_535;
  }
}
