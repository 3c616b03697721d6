package org.bradawl.traversal.broker;

import java.util.Optional;
import org.bradawl.stun.IpAddress;

/**
 * The network a peer is in, as far as it can be told from outside: the public prefix, and the
 * gateway that the peer names, since many homes share a carrier's prefix. A report that was made in
 * one is good for another visit.
 *
 * @param prefix 24 bits of an IPv4 address, 48 of an IPv6 one: what one subscriber or one pool of a
 *     carrier has
 * @param gateway as the peer names it; empty if it does not
 */
public record Network(String prefix, String gateway) {

  private static final int LOW_BITS_V4 = 8;
  private static final int LOW_BITS_V6 = 16;

  /** No address is known yet. */
  public static final Network UNKNOWN = new Network("unknown", "");

  /** The network around a public address. */
  public static Network around(Optional<IpAddress> address, String gateway) {
    return address.map(known -> new Network(prefixOf(known), gateway)).orElse(UNKNOWN);
  }

  private static String prefixOf(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> IpAddress.v4((int) address.low() >>> LOW_BITS_V4 << LOW_BITS_V4) + "/24";
      case IPV6 -> IpAddress.v6(address.high() >>> LOW_BITS_V6 << LOW_BITS_V6, 0) + "/48";
    };
  }

  /** What it is called in frames and in the record. */
  public String label() {
    return gateway.isEmpty() ? prefix : prefix + " via " + gateway;
  }
}
