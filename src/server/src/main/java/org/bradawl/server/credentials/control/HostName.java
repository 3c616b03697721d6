package org.bradawl.server.credentials.control;

import java.util.Locale;
import java.util.Optional;
import org.bradawl.stun.IpAddress;

/**
 * The host part of a Host header or of a setting: a literal address or a DNS name, checked, without
 * port and brackets.
 */
sealed interface HostName {

  /** The host as a URL wants it: IPv6 literals in brackets (RFC 7064 §3.1, RFC 3986 §3.2.2). */
  String inUrl();

  /** A literal address. */
  record Literal(IpAddress address) implements HostName {
    @Override
    public String inUrl() {
      return switch (address.family()) {
        case IPV4 -> address.toString();
        case IPV6 -> "[" + address + "]";
      };
    }
  }

  /** A DNS name, in lower case. */
  record Name(String text) implements HostName {
    @Override
    public String inUrl() {
      return text;
    }

    /** RFC 6761 §6.3: localhost and all below it are the loopback addresses. */
    boolean isLocalhost() {
      return text.equals("localhost") || text.endsWith(".localhost");
    }
  }

  /** RFC 1035 §2.3.4. */
  int MAX_NAME_LENGTH = 253;

  int MAX_LABEL_LENGTH = 63;

  /** Reads {@code host}, {@code host:port}, {@code [v6]} and {@code [v6]:port}; empty if none. */
  static Optional<HostName> ofAuthority(String authority) {
    String text = authority.strip();
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      return end > 0 && isPortSuffix(text.substring(end + 1))
          ? literal(text.substring(1, end))
          : Optional.empty();
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return ofHost(text);
    }
    return isPortSuffix(text.substring(colon))
        ? ofHost(text.substring(0, colon))
        : Optional.empty();
  }

  /** Reads a bare host: a name, or an IPv4 or IPv6 literal without brackets. */
  static Optional<HostName> ofHost(String text) {
    if (text.indexOf(':') >= 0) {
      return literal(text);
    }
    return looksNumeric(text) ? literal(text) : name(text);
  }

  private static Optional<HostName> literal(String text) {
    // A zone ("%eth0") means something on this machine only; nobody else could use it.
    if (text.indexOf('%') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Literal(IpAddress.parse(text)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean looksNumeric(String text) {
    // WHATWG URL §3.5: a host whose last label is a number is an IPv4 address or nothing.
    String last = text.substring(text.lastIndexOf('.') + 1);
    return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Optional<HostName> name(String text) {
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      return Optional.empty();
    }
    for (String label : name.split("\\.", -1)) {
      if (!isLabel(label)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Name(name.toLowerCase(Locale.ROOT)));
  }

  private static boolean isLabel(String label) {
    return !label.isEmpty()
        && label.length() <= MAX_LABEL_LENGTH
        && label.charAt(0) != '-'
        && label
            .chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_');
  }

  private static boolean isPortSuffix(String text) {
    return text.isEmpty()
        || (text.length() >= 2
            && text.length() <= 6
            && text.charAt(0) == ':'
            && text.substring(1).chars().allMatch(c -> c >= '0' && c <= '9'));
  }
}
