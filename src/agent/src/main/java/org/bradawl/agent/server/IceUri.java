package org.bradawl.agent.server;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.stun.IpAddress;

/**
 * A {@code stun:}, {@code stuns:}, {@code turn:} or {@code turns:} URI (RFC 7064 §3.1, RFC 7065
 * §3.1).
 *
 * @param host a name, or an IP address without brackets
 * @param port if the URI names one
 * @param transport {@code udp} or {@code tcp}, if a TURN URI names one
 */
public record IceUri(Scheme scheme, String host, OptionalInt port, Optional<String> transport) {

  /** What kind of server, and whether over TLS. */
  public enum Scheme {
    STUN,
    STUNS,
    TURN,
    TURNS;

    /** Whether it asks for TLS or DTLS. */
    public boolean isSecure() {
      return this == STUNS || this == TURNS;
    }

    /** Whether it names a relay. */
    public boolean isRelay() {
      return this == TURN || this == TURNS;
    }

    /** The port when neither URI nor DNS names one (RFC 8489 §18.6, RFC 8656 §18.8). */
    public int usualPort() {
      return isSecure() ? 5349 : 3478;
    }
  }

  private static final Pattern SHAPE =
      Pattern.compile(
          "(stuns?|turns?):(\\[[0-9a-f:.]+]|[a-z0-9._~%!$&'()*+,;=-]+)(?::([0-9]{1,5}))?"
              + "(?:\\?transport=([a-z]+))?",
          Pattern.CASE_INSENSITIVE);

  /**
   * Reads a URI.
   *
   * @throws IllegalArgumentException if it is none of the four kinds, in words for people
   */
  public static IceUri parse(String text) {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      throw new IllegalArgumentException(
          "not a stun: or turn: URI, such as stun:stun.example.org or turn:192.0.2.1:3478: "
              + text);
    }
    Scheme scheme = Scheme.valueOf(shape.group(1).toUpperCase(Locale.ROOT));
    Optional<String> transport =
        Optional.ofNullable(shape.group(4)).map(word -> word.toLowerCase(Locale.ROOT));
    if (transport.isPresent() && !scheme.isRelay()) {
      throw new IllegalArgumentException("only a turn: URI names a transport: " + text);
    }
    if (transport.filter(word -> !word.equals("udp") && !word.equals("tcp")).isPresent()) {
      throw new IllegalArgumentException("the transport is udp or tcp: " + text);
    }
    return new IceUri(scheme, host(shape.group(2)), port(shape.group(3), text), transport);
  }

  private static String host(String written) {
    if (!written.startsWith("[")) {
      return written;
    }
    return IpAddress.parse(written.substring(1, written.length() - 1)).toString();
  }

  private static OptionalInt port(@org.jspecify.annotations.Nullable String digits, String text) {
    if (digits == null) {
      return OptionalInt.empty();
    }
    int port = Integer.parseInt(digits);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port lies between 1 and 65535: " + text);
    }
    return OptionalInt.of(port);
  }

  /** The address, when the host is one. */
  public Optional<IpAddress> literal() {
    try {
      return Optional.of(IpAddress.parse(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    boolean brackets = host.contains(":");
    return scheme.name().toLowerCase(Locale.ROOT)
        + ":"
        + (brackets ? "[" + host + "]" : host)
        + (port.isPresent() ? ":" + port.getAsInt() : "")
        + transport.map(word -> "?transport=" + word).orElse("");
  }
}
