package org.bradawl.stun;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads addresses as people write them, strictly: four decimal numbers without leading zeros, or an
 * IPv6 address without a zone. The JDK's parser also takes {@code 10.1} and {@code 2130706433},
 * reads leading zeros as decimal where others read them as octal, and turns {@code ::ffff:0:0/96}
 * into IPv4; a list of denied ranges must not depend on such guesses.
 */
final class IpLiteral {

  private static final int GROUPS = 8;

  private IpLiteral() {}

  /** The address, or empty if {@code text} is none. */
  static Optional<IpAddress> parse(String text) {
    return text.indexOf(':') < 0 ? v4(text).map(IpAddress::v4) : v6(text);
  }

  private static Optional<Integer> v4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    int bits = 0;
    for (String part : parts) {
      int number = number(part, 10, 3);
      if (number < 0 || number > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
        return Optional.empty();
      }
      bits = bits << 8 | number;
    }
    return Optional.of(bits);
  }

  private static Optional<IpAddress> v6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text)
          .filter(groups -> groups.remaining() == 2 * GROUPS)
          .map(groups -> IpAddress.v6(groups.getLong(), groups.getLong()));
    }
    Optional<ByteBuffer> before = groups(text.substring(0, gap));
    Optional<ByteBuffer> after = groups(text.substring(gap + 2));
    if (before.isEmpty() || after.isEmpty() || text.substring(0, gap).indexOf('.') >= 0) {
      return Optional.empty();
    }
    // RFC 4291 §2.2: "::" stands for at least one group.
    if (before.get().remaining() + after.get().remaining() >= 2 * GROUPS) {
      return Optional.empty();
    }
    ByteBuffer whole = ByteBuffer.allocate(2 * GROUPS).put(before.get());
    whole.position(2 * GROUPS - after.get().remaining()).put(after.get()).flip();
    return Optional.of(IpAddress.v6(whole.getLong(), whole.getLong()));
  }

  /** The bytes of groups between colons, of which the last may be an IPv4 address. */
  private static Optional<ByteBuffer> groups(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * GROUPS);
    if (text.isEmpty()) {
      return Optional.of(bytes.flip());
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean embedded = i == parts.length - 1 && parts[i].indexOf('.') >= 0;
      Optional<Integer> value = embedded ? v4(parts[i]) : group(parts[i]);
      if (value.isEmpty() || bytes.remaining() < (embedded ? 4 : 2)) {
        return Optional.empty();
      }
      if (embedded) {
        bytes.putInt(value.get());
      } else {
        bytes.putShort(value.get().shortValue());
      }
    }
    return Optional.of(bytes.flip());
  }

  private static Optional<Integer> group(String text) {
    int number = number(text, 16, 4);
    return number < 0 ? Optional.empty() : Optional.of(number);
  }

  /** The number that one to {@code maxDigits} ASCII digits stand for, or −1. */
  private static int number(String digits, int radix, int maxDigits) {
    if (digits.isEmpty() || digits.length() > maxDigits) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      number = number * radix + digit;
    }
    return number;
  }
}
