package org.bradawl.turn.server;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.stun.IpAddress;

/**
 * Which peer addresses may be relayed to, by range. An allowed range wins over a denied one; ranges
 * that are not global unicast are always denied unless allowed, so that a relay opens no way into
 * the network it stands in.
 *
 * <p>An IPv6 address that carries an IPv4 one is refused, unless an allowed range names the IPv6
 * form and the IPv4 address inside passes by itself.
 */
public record PeerRules(List<Cidr> allowed, List<Cidr> denied) {

  /** What the rules say of an address. */
  public enum Verdict {
    /** An allowed range names it. */
    ALLOWED,
    /** No rule names it. */
    UNLISTED,
    /** It lies in a denied range, or wraps an IPv4 address. */
    DENIED
  }

  /**
   * Everything that IANA's special-purpose registries (RFC 6890) do not call globally reachable
   * unicast, with the forms of transition that lead elsewhere. What lies outside 2000::/3 is
   * refused in {@link #verdict} as a whole.
   */
  public static final List<Cidr> NON_GLOBAL =
      Stream.of(
              "0.0.0.0/8", // this network, RFC 1122
              "10.0.0.0/8", // private, RFC 1918
              "100.64.0.0/10", // carrier NAT, RFC 6598
              "127.0.0.0/8", // loopback
              "169.254.0.0/16", // link-local, and the clouds' metadata services
              "172.16.0.0/12", // private
              "192.0.0.0/24", // IETF protocol assignments, RFC 6890
              "192.0.2.0/24", // documentation, RFC 5737
              "192.88.99.0/24", // 6to4 relays, RFC 7526
              "192.168.0.0/16", // private
              "198.18.0.0/15", // benchmarks, RFC 2544
              "198.51.100.0/24", // documentation
              "203.0.113.0/24", // documentation
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, and 255.255.255.255
              "2001::/23", // IETF protocol assignments: Teredo, ORCHID, benchmarks
              "2001:db8::/32", // documentation, RFC 3849
              "2002::/16", // 6to4
              "3ffe::/16", // the former 6bone, RFC 3701
              "3fff::/20") // documentation, RFC 9637
          .map(Cidr::parse)
          .toList();

  private static final Cidr GLOBAL_UNICAST_V6 = Cidr.parse("2000::/3");

  /** Copies the lists. */
  public PeerRules {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
  }

  /** Denies what is not global, and nothing else. */
  public static PeerRules defaults() {
    return new PeerRules(List.of(), List.of());
  }

  /** What the rules say of {@code peer}. */
  public Verdict verdict(IpAddress peer) {
    IpAddress canonical = EmbeddedIpv4.unwrap(peer);
    if (canonical.family() != peer.family()) {
      return in(allowed, peer) && verdict(canonical) != Verdict.DENIED
          ? Verdict.ALLOWED
          : Verdict.DENIED;
    }
    if (in(allowed, canonical)) {
      return Verdict.ALLOWED;
    }
    return in(denied, canonical) || !isGlobal(canonical) ? Verdict.DENIED : Verdict.UNLISTED;
  }

  /** Why {@code peer} is {@link Verdict#DENIED}. */
  PeerDenial.Ground ground(IpAddress peer) {
    if (EmbeddedIpv4.unwrap(peer).family() != peer.family()) {
      return new PeerDenial.Ground(PeerDenial.Rule.CARRIES_IPV4, Optional.empty());
    }
    Optional<Cidr> range = first(denied, peer);
    return range.isPresent()
        ? new PeerDenial.Ground(PeerDenial.Rule.DENIED, range)
        : new PeerDenial.Ground(PeerDenial.Rule.NOT_GLOBAL, first(NON_GLOBAL, peer));
  }

  private static Optional<Cidr> first(List<Cidr> ranges, IpAddress address) {
    return ranges.stream().filter(range -> range.contains(address)).findFirst();
  }

  private static boolean isGlobal(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> !in(NON_GLOBAL, address);
      case IPV6 -> GLOBAL_UNICAST_V6.contains(address) && !in(NON_GLOBAL, address);
    };
  }

  private static boolean in(List<Cidr> ranges, IpAddress address) {
    for (int i = 0; i < ranges.size(); i++) { // no iterator: asked per packet for some peers
      if (ranges.get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }
}
