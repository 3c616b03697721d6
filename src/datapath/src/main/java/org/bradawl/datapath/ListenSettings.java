package org.bradawl.datapath;

import java.util.List;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.Cidr;

/**
 * Where clients reach the server: the {@code bradawl.listen.*} keys.
 *
 * @param addresses the addresses to listen on; empty for every local one. 0.0.0.0 and :: stand for
 *     every local address of their family
 * @param alternateAddresses the second addresses of RFC 5780, at most one of each family
 * @param port for UDP and TCP
 * @param alternatePort the second port of RFC 5780, used beside an alternate address
 * @param tlsPort for TLS and DTLS; 0 for neither
 * @param tlsPortChosen whether it, or a certificate, was configured: a default that is taken only
 *     costs a warning
 * @param sharedPorts where STUN, TURN, TLS and DTLS are all told apart by their first byte
 * @param proxies who must say by the PROXY protocol whom they speak for
 * @param maxConnections how many TCP connections may be open at once
 */
public record ListenSettings(
    List<IpAddress> addresses,
    List<IpAddress> alternateAddresses,
    int port,
    int alternatePort,
    int tlsPort,
    boolean tlsPortChosen,
    List<Integer> sharedPorts,
    List<Cidr> proxies,
    int maxConnections) {

  static final String ADDRESS = "bradawl.listen.address";
  static final String ALTERNATE_ADDRESS = "bradawl.listen.alternate-address";
  static final String PORT = "bradawl.listen.port";
  static final String ALTERNATE_PORT = "bradawl.listen.alternate-port";
  static final String TLS_PORT = "bradawl.listen.tls-port";
  static final String SHARED_PORTS = "bradawl.listen.shared-ports";
  static final String PROXIES = "bradawl.listen.proxies";
  static final String MAX_CONNECTIONS = "bradawl.listen.max-connections";

  /** RFC 8489 §14 and RFC 8656 §4: the ports assigned to STUN and TURN, plain and secured. */
  private static final int DEFAULT_PORT = 3478;

  private static final int DEFAULT_ALTERNATE_PORT = 3479;
  private static final int DEFAULT_TLS_PORT = 5349;

  /** A descriptor each, beside one for each allocation: well inside the usual limit of 65,536. */
  private static final int DEFAULT_MAX_CONNECTIONS = 10_000;

  static ListenSettings from(SettingsReader reader) {
    ListenSettings settings =
        new ListenSettings(
            reader.addresses(ADDRESS),
            reader.addresses(ALTERNATE_ADDRESS),
            reader.port(PORT, DEFAULT_PORT),
            reader.port(ALTERNATE_PORT, DEFAULT_ALTERNATE_PORT),
            reader.number(TLS_PORT, DEFAULT_TLS_PORT, 0, 65_535, "is no port, and not 0 for none"),
            reader.text(TLS_PORT).isPresent() || reader.text(TlsSettings.CERTIFICATE).isPresent(),
            reader.ports(SHARED_PORTS),
            reader.ranges(PROXIES),
            reader.number(
                MAX_CONNECTIONS, DEFAULT_MAX_CONNECTIONS, 1, 1_000_000, "is no such number"));
    settings.checkAlternates();
    settings.checkPorts();
    return settings;
  }

  private void checkPorts() {
    if (tlsPortChosen && (tlsPort == port || tlsPort == usedAlternatePort())) {
      throw new ConfigurationProblem(
          TLS_PORT,
          "is a port of plain STUN, too",
          "Give another one, or 0 for no TLS; one port for both is what "
              + SHARED_PORTS
              + " is for.");
    }
    if (sharedPorts.contains(port) || sharedPorts.contains(usedAlternatePort())) {
      throw new ConfigurationProblem(
          SHARED_PORTS,
          "holds a port of plain STUN",
          "Give other ports than " + PORT + " and " + ALTERNATE_PORT + "; 443 is usual.");
    }
  }

  /** The alternate port is bound beside an alternate address only. */
  private int usedAlternatePort() {
    return alternateAddresses.isEmpty() ? port : alternatePort;
  }

  private void checkAlternates() {
    for (IpAddress alternate : alternateAddresses) {
      if (alternate.isAny() || addresses.equals(List.of(alternate))) {
        throw new ConfigurationProblem(
            ALTERNATE_ADDRESS,
            "names no second address",
            "Give a local address beside those of " + ADDRESS + ".");
      }
      long ofFamily =
          alternateAddresses.stream().filter(a -> a.family() == alternate.family()).count();
      if (ofFamily > 1) {
        throw new ConfigurationProblem(
            ALTERNATE_ADDRESS,
            "holds two addresses of one family",
            "Give at most one IPv4 and one IPv6 address.");
      }
    }
    if (!alternateAddresses.isEmpty() && alternatePort == port) {
      throw new ConfigurationProblem(
          ALTERNATE_PORT,
          "is the same as " + PORT,
          "Give another port: RFC 5780 needs two on each of the two addresses.");
    }
  }
}
