package org.bradawl.server.http.control;

import java.util.List;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word is taken for where a request comes from. Without them everybody behind a
 * proxy would share its address, and one who guesses credentials would close it for all.
 *
 * @param ranges where these proxies are
 */
public record TrustedProxies(List<Cidr> ranges) {

  /** A longer chain of proxies is nobody's real one. */
  private static final int MAX_HOPS = 20;

  /** Keeps its own copy. */
  public TrustedProxies {
    ranges = List.copyOf(ranges);
  }

  /** Whether this address, written as a literal, is one of theirs. */
  public boolean trusts(String address) {
    return parse(address).filter(this::trusts).isPresent();
  }

  /**
   * Where a request really comes from. Every proxy appends whom it heard from, so the list is read
   * from its end, for as long as it was a trusted proxy that wrote.
   *
   * @param remote the address of the connection
   * @param forwardedFor the X-Forwarded-For header; null if there is none
   * @return the address without a port; {@code remote} if no trusted proxy tells another
   */
  public String client(String remote, @Nullable String forwardedFor) {
    if (forwardedFor == null) {
      return remote;
    }
    List<String> hops = List.of(forwardedFor.split(",", -1));
    String client = remote;
    for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MAX_HOPS); i--) {
      Optional<IpAddress> hop = parse(hops.get(i).strip());
      if (!trusts(client) || hop.isEmpty()) {
        return client;
      }
      client = hop.get().toString();
    }
    return client;
  }

  private boolean trusts(IpAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /** Some proxies write a port behind the address, and brackets around IPv6. */
  private static Optional<IpAddress> parse(String text) {
    String address = text;
    if (text.startsWith("[") && text.indexOf(']') > 0) {
      address = text.substring(1, text.indexOf(']'));
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      address = text.substring(0, text.indexOf(':'));
    }
    int zone = address.indexOf('%');
    try {
      return Optional.of(IpAddress.parse(zone < 0 ? address : address.substring(0, zone)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
