package org.bradawl.turn.server;

import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;

/**
 * A range of addresses: all whose first {@code length} bits are those of {@code network}.
 *
 * @param network the first address of the range; bits beyond the prefix must be zero
 * @param length how many bits count, 0 to 32 or 128
 */
public record Cidr(IpAddress network, int length) {

  /** Rejects a length the family does not have, and a network with bits beyond it. */
  public Cidr {
    if (length < 0 || length > network.family().length() * 8) {
      throw new IllegalArgumentException("no prefix of " + length + " bits in " + network.family());
    }
    if ((network.high() & ~highMask(network.family(), length)) != 0
        || (network.low() & ~lowMask(network.family(), length) & width(network.family())) != 0) {
      throw new IllegalArgumentException(
          network + "/" + length + " has bits set beyond its prefix; an address alone needs no /");
    }
  }

  /**
   * The range written as {@code address/length}, or as an address alone.
   *
   * @throws IllegalArgumentException if it is neither, or has bits set beyond the prefix
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      IpAddress address = IpAddress.parse(text);
      return new Cidr(address, address.family().length() * 8);
    }
    return new Cidr(
        IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  /** Whether {@code address} is of the same family and lies in the range. */
  public boolean contains(IpAddress address) {
    Family family = network.family();
    return address.family() == family
        && (address.high() & highMask(family, length)) == network.high()
        && (address.low() & lowMask(family, length)) == network.low();
  }

  /** {@code 192.0.2.0/24} */
  @Override
  public String toString() {
    return network + "/" + length;
  }

  private static long highMask(Family family, int length) {
    return switch (family) {
      case IPV4 -> 0;
      case IPV6 -> leading(Math.min(length, 64));
    };
  }

  private static long lowMask(Family family, int length) {
    return switch (family) {
      case IPV4 -> leading(length) >>> 32;
      case IPV6 -> leading(Math.max(length - 64, 0));
    };
  }

  private static long width(Family family) {
    return switch (family) {
      case IPV4 -> 0xffff_ffffL;
      case IPV6 -> -1L;
    };
  }

  private static long leading(int bits) {
    return bits == 0 ? 0 : -1L << (64 - bits);
  }
}
