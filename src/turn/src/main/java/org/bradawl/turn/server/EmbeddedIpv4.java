package org.bradawl.turn.server;

import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;

/**
 * The ways an IPv6 address can carry an IPv4 one that a kernel, a translator or a tunnel would
 * deliver to. Each turned up as a hole in some relay's deny list.
 */
final class EmbeddedIpv4 {

  private EmbeddedIpv4() {}

  /**
   * The IPv4 address that {@code address} leads to, or {@code address} itself if it carries none.
   */
  static IpAddress unwrap(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> address;
      case IPV6 -> unwrap(address, address.high(), address.low());
    };
  }

  /** Whether {@code address} is IPv6 and carries an IPv4 address. */
  static boolean isWrapped(IpAddress address) {
    return address.family() == Family.IPV6 && unwrap(address).family() == Family.IPV4;
  }

  private static IpAddress unwrap(IpAddress address, long high, long low) {
    if (high == 0) {
      return belowZero64(address, low);
    }
    if (high == 0x0064_ff9b_0000_0000L && low >>> 32 == 0) {
      return IpAddress.v4((int) low); // 64:ff9b::/96, RFC 6052 §2.1
    }
    if (high >>> 16 == 0x0064_ff9b_0001L) {
      // 64:ff9b:1::/48, RFC 8215, laid out as RFC 6052 §2.2 does for 48 bits: 16 bits, a zero
      // octet, 16.
      return IpAddress.v4((int) ((high & 0xffff) << 16 | (low >>> 40 & 0xffff)));
    }
    if (high >>> 48 == 0x2002) {
      return IpAddress.v4((int) (high >>> 16)); // 6to4, RFC 3056 §2
    }
    if (high >>> 32 == 0x2001_0000L) {
      return IpAddress.v4(~(int) low); // Teredo's client, inverted, RFC 4380 §4
    }
    int interfaceId = (int) (low >>> 32);
    if (interfaceId == 0x0000_5efe || interfaceId == 0x0200_5efe) {
      return IpAddress.v4((int) low); // ISATAP, RFC 5214 §6.1
    }
    return address;
  }

  private static IpAddress belowZero64(IpAddress address, long low) {
    return switch ((int) (low >>> 32)) {
      case 0x0000_ffff -> IpAddress.v4((int) low); // ::ffff:a.b.c.d, mapped, RFC 4291 §2.5.5.2
      case 0xffff_0000 -> IpAddress.v4((int) low); // ::ffff:0:a.b.c.d, translated, RFC 2765 §2.1
      // ::a.b.c.d, compatible, RFC 4291 §2.5.5.1; but :: and ::1 mean themselves.
      case 0 -> low == 0 || low == 1 ? address : IpAddress.v4((int) low);
      case 0x0000_5efe, 0x0200_5efe -> IpAddress.v4((int) low); // ISATAP under a zero prefix
      default -> address;
    };
  }
}
