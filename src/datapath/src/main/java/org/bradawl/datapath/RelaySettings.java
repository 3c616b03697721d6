package org.bradawl.datapath;

import java.util.List;
import java.util.regex.Pattern;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.Cidr;
import org.bradawl.turn.server.PeerRules;

/**
 * Where and to whom is relayed: the {@code bradawl.relay.*} keys.
 *
 * @param addresses where relay sockets are bound; empty for the address the client talks to. The
 *     first of a family is used for that family
 * @param externalAddresses what clients are told instead, behind a 1:1 NAT; a pair is for one relay
 *     address, and the first of a family that is in no pair for all others of that family
 * @param minPort the lowest relayed port
 * @param maxPort the highest relayed port
 * @param allowedPeers ranges relayed to although a denied range holds them
 * @param deniedPeers ranges never relayed to; empty for every range that is not global
 */
public record RelaySettings(
    List<IpAddress> addresses,
    List<ExternalAddress> externalAddresses,
    int minPort,
    int maxPort,
    List<Cidr> allowedPeers,
    List<Cidr> deniedPeers) {

  static final String ADDRESS = "bradawl.relay.address";
  static final String EXTERNAL_ADDRESS = "bradawl.relay.external-address";
  static final String MIN_PORT = "bradawl.relay.min-port";
  static final String MAX_PORT = "bradawl.relay.max-port";
  static final String ALLOWED_PEERS = "bradawl.relay.allowed-peers";
  static final String DENIED_PEERS = "bradawl.relay.denied-peers";

  /** RFC 8656 §7.2 recommends the dynamic ports of RFC 6335. */
  private static final int DEFAULT_MIN_PORT = 49_152;

  private static final int DEFAULT_MAX_PORT = 65_535;

  /** RFC 1123 §2.1: letters, digits and hyphens between dots; at least one letter somewhere. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)*\\.?");

  static RelaySettings from(SettingsReader reader) {
    RelaySettings settings =
        new RelaySettings(
            reader.addresses(ADDRESS),
            reader.list(EXTERNAL_ADDRESS).stream().map(RelaySettings::external).toList(),
            reader.port(MIN_PORT, DEFAULT_MIN_PORT),
            reader.port(MAX_PORT, DEFAULT_MAX_PORT),
            ranges(reader, ALLOWED_PEERS),
            ranges(reader, DENIED_PEERS));
    settings.check();
    return settings;
  }

  /** Whom to relay to, as the machines are told. */
  public PeerRules peers() {
    return new PeerRules(allowedPeers, deniedPeers);
  }

  private void check() {
    if (minPort > maxPort) {
      throw new ConfigurationProblem(
          MIN_PORT, "lies above " + MAX_PORT, "Give a range with at least one port.");
    }
    if (addresses.stream().anyMatch(IpAddress::isAny)) {
      throw new ConfigurationProblem(
          ADDRESS,
          "holds 0.0.0.0 or ::, which cannot be told to a client",
          "Give addresses of this machine, or leave it out for the address the client talks to.");
    }
  }

  /**
   * An address or a name; or two with a slash between: the relay address first, then what is told.
   */
  private static ExternalAddress external(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return outside(text);
    }
    return switch (outside(text.substring(0, slash).strip())) {
      case ExternalAddress.Literal inside ->
          new ExternalAddress.Pair(inside.address(), outside(text.substring(slash + 1).strip()));
      case ExternalAddress.Name _, ExternalAddress.Pair _ -> throw noExternalAddress();
    };
  }

  private static ExternalAddress outside(String text) {
    try {
      IpAddress address = IpAddress.parse(text);
      if (!address.isAny()) {
        return new ExternalAddress.Literal(address);
      }
    } catch (IllegalArgumentException e) {
      if (NAME.matcher(text).matches()) {
        return new ExternalAddress.Name(text);
      }
    }
    throw noExternalAddress();
  }

  private static ConfigurationProblem noExternalAddress() {
    return new ConfigurationProblem(
        EXTERNAL_ADDRESS,
        "holds something that is neither an address nor a name, nor a pair",
        "Give IPv4 or IPv6 addresses or DNS names, separated by commas; where there are several of a"
            + " family, pairs such as 10.0.0.5/203.0.113.5, the address of this machine first.");
  }

  static List<Cidr> ranges(SettingsReader reader, String key) {
    return reader.list(key).stream().map(text -> range(key, text)).toList();
  }

  private static Cidr range(String key, String text) {
    try {
      return Cidr.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationProblem(
          key,
          "holds something that is no range of addresses",
          "Give ranges such as 10.0.0.0/8 or fd00::/8, or single addresses, separated by commas.",
          e);
    }
  }
}
