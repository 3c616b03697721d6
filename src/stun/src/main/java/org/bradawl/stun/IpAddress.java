package org.bradawl.stun;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as a value: two longs, so that it hashes and compares without touching
 * the resolver.
 *
 * @param family IPv4 or IPv6
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address; for IPv4 the 32 bits of the address, unsigned
 */
public record IpAddress(Family family, long high, long low) {

  /**
   * An address family, with its number on the wire (RFC 8489 §14.1) and in REQUESTED-ADDRESS-FAMILY
   * (RFC 8656 §18.6).
   */
  public enum Family {
    IPV4(0x01, 4),
    IPV6(0x02, 16);

    private final int code;
    private final int length;

    Family(int code, int length) {
      this.code = code;
      this.length = length;
    }

    /** The family with this number in STUN attributes, if there is one. */
    public static Optional<Family> of(int code) {
      return switch (code) {
        case 0x01 -> Optional.of(IPV4);
        case 0x02 -> Optional.of(IPV6);
        default -> Optional.empty();
      };
    }

    /** The number that stands for the family in STUN attributes. */
    public int code() {
      return code;
    }

    /** How many bytes an address of the family has. */
    public int length() {
      return length;
    }
  }

  /** Rejects bits that the family does not have. */
  public IpAddress {
    if (family == Family.IPV4 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException("an IPv4 address has 32 bits");
    }
  }

  /** The IPv4 address with these 32 bits. */
  public static IpAddress v4(int bits) {
    return new IpAddress(Family.IPV4, 0, Integer.toUnsignedLong(bits));
  }

  /** The IPv6 address with these bits, upper half first. */
  public static IpAddress v6(long high, long low) {
    return new IpAddress(Family.IPV6, high, low);
  }

  /**
   * The address that these 4 or 16 bytes, in network order, stand for; an IPv4-mapped form stays
   * IPv6.
   */
  public static IpAddress of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return switch (bytes.length) {
      case 4 -> v4(buffer.getInt());
      case 16 -> v6(buffer.getLong(), buffer.getLong());
      default ->
          throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  /** The same address as {@code address}. */
  public static IpAddress of(InetAddress address) {
    return of(address.getAddress());
  }

  /**
   * The address written as a literal; a host name is refused, so nothing is ever looked up. {@code
   * ::ffff:192.0.2.1} stays IPv6.
   *
   * @throws IllegalArgumentException if {@code text} is no literal
   */
  public static IpAddress parse(String text) {
    return IpLiteral.parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
  }

  /**
   * The IPv4 address that an IPv4-mapped IPv6 address stands for (RFC 4291 §2.5.5.2), else this
   * address.
   */
  public IpAddress unmapped() {
    return isIpv4Mapped() ? v4((int) low) : this;
  }

  private boolean isIpv4Mapped() {
    return family == Family.IPV6 && high == 0 && low >>> 32 == 0xffff;
  }

  /** The 4 or 16 bytes of the address in network order. */
  public byte[] bytes() {
    ByteBuffer buffer = ByteBuffer.allocate(family.length());
    switch (family) {
      case IPV4 -> buffer.putInt((int) low);
      case IPV6 -> buffer.putLong(high).putLong(low);
    }
    return buffer.array();
  }

  /** The same address for the JDK's sockets. */
  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(
          "an address of " + family + " always has the right length", e);
    }
  }

  /** Whether this is 0.0.0.0 or ::. */
  public boolean isAny() {
    return high == 0 && low == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high * 31 + low);
  }

  /** The literal: dotted decimal, or RFC 5952's form. */
  @Override
  public String toString() {
    return switch (family) {
      case IPV4 ->
          (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
      // RFC 5952 §5: addresses of a well-known prefix for IPv4 show it.
      case IPV6 -> isIpv4Mapped() ? "::ffff:" + unmapped() : canonicalText();
    };
  }

  /**
   * RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups becomes
   * "::".
   */
  private String canonicalText() {
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int run = 0;
      while (i + run < 8 && group(i + run) == 0) {
        run++;
      }
      if (run > bestLength) {
        bestStart = i;
        bestLength = run;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(group(i)));
      }
    }
    return text.toString();
  }

  private int group(int index) {
    long half = index < 4 ? high : low;
    return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
  }
}
