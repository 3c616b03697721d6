package org.bradawl.traversal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Where probes may go. A peer that lies about its addresses could otherwise have us flood a
 * stranger: so only addresses that the server has seen it at count, and private ones only of a peer
 * that is seen at our own public address, or as far as we are told to trust it.
 */
public final class Targets {

  private final Set<IpAddress> addresses;
  private final Set<TransportAddress> endpoints;

  private Targets(Set<IpAddress> addresses, Set<TransportAddress> endpoints) {
    this.addresses = addresses;
    this.endpoints = endpoints;
  }

  /** Where {@code self} may write to when it wants to reach {@code peer}. */
  public static Targets of(Peer self, Peer peer) {
    Set<TransportAddress> endpoints = new HashSet<>();
    if (self.sharesAddressWith(peer)) {
      peer.hosts().stream().filter(host -> isPrivate(host.address())).forEach(endpoints::add);
    }
    return new Targets(new HashSet<>(peer.observed()), endpoints);
  }

  /** Whether a probe may go there. */
  public boolean allows(TransportAddress target) {
    return target.port() > 0
        && isSomebody(target.address())
        && (addresses.contains(target.address()) || endpoints.contains(target));
  }

  /** Those of them that a probe may go to. */
  public List<TransportAddress> among(List<TransportAddress> claimed) {
    return claimed.stream().filter(this::allows).distinct().toList();
  }

  /** Not all of a network at once, and not nobody: 0/8, 224/4 and 240/4; ::, ff00::/8. */
  private static boolean isSomebody(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> address.low() >>> 24 != 0 && address.low() >>> 24 < 224;
      case IPV6 -> !address.isAny() && address.high() >>> 56 != 0xff;
    };
  }

  /** RFC 1918, RFC 6598, RFC 3927, RFC 4193 and RFC 4291 §2.5.6: nobody's on the internet. */
  static boolean isPrivate(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> isPrivateV4((int) address.low());
      case IPV6 -> address.high() >>> 57 == 0xfc >>> 1 || address.high() >>> 54 == 0xfe80 >>> 6;
    };
  }

  private static boolean isPrivateV4(int bits) {
    return bits >>> 24 == 10
        || bits >>> 20 == 0xac1
        || bits >>> 16 == 0xc0a8
        || bits >>> 22 == 0x6440 >>> 6
        || bits >>> 16 == 0xa9fe;
  }
}
