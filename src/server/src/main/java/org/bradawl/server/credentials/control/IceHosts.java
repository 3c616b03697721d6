package org.bradawl.server.credentials.control;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the hosts that a client is told to use for STUN and TURN.
 *
 * <ol>
 *   <li>What the operator set as external address, always.
 *   <li>Otherwise the name by which the client reached us over HTTP, if STUN listens where that
 *       connection arrived; {@code localhost} becomes the loopback address it arrived at, because
 *       the browser might pick the other family. Beside an address a listener of the other family.
 *   <li>Otherwise the addresses that the listeners have.
 * </ol>
 *
 * <p>The Host header comes from the client, so it is checked for form; a false one misleads nobody
 * but its sender, whose answer is marked as not to be stored.
 */
final class IceHosts {

  /** Browsers warn of slow gathering from five servers on; one of each family is enough. */
  private static final int MAX_LISTENERS_NAMED = 2;

  private final IceEndpoint endpoint;

  IceHosts(IceEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** The hosts, as URLs want them; never empty. */
  List<String> hostsFor(Reached reached) {
    if (!endpoint.externalHosts().isEmpty()) {
      return endpoint.externalHosts().stream()
          .map(HostName::ofHost)
          .flatMap(Optional::stream)
          .map(HostName::inUrl)
          .toList();
    }
    return hostReached(reached).map(this::withOtherFamily).orElseGet(this::listenerHosts);
  }

  /**
   * A name leads to addresses of both families by itself. An address does not: beside one that is
   * not loopback the best listener of the other family is named, since two peers that have IPv6
   * need no hole punching there once both have been seen in it.
   */
  private List<String> withOtherFamily(String host) {
    List<String> hosts = new ArrayList<>(List.of(host));
    HostName.ofAuthority(host)
        .filter(HostName.Literal.class::isInstance)
        .map(literal -> ((HostName.Literal) literal).address())
        .filter(address -> !address.toInetAddress().isLoopbackAddress())
        .flatMap(address ->
            endpoint.listeners().stream()
                .filter(other -> other.family() != address.family())
                .filter(IceHosts::isReachable)
                .min(Comparator.comparing(IpAddress::toString)))
        .ifPresent(other -> hosts.add(new HostName.Literal(other).inUrl()));
    return hosts;
  }

  private static boolean isReachable(IpAddress address) {
    InetAddress inet = address.toInetAddress();
    return !inet.isAnyLocalAddress() && !inet.isLoopbackAddress() && !inet.isLinkLocalAddress();
  }

  private Optional<String> hostReached(Reached reached) {
    String header = reached.host();
    Optional<HostName> host = header == null ? Optional.empty() : HostName.ofAuthority(header);
    Optional<IpAddress> local = localAddress(reached.localAddress());
    return host.flatMap(name ->
        switch (name) {
          case HostName.Literal literal -> literalReached(literal, local);
          case HostName.Name dns -> dns.isLocalhost() ? loopback(local) : nameReached(dns, local);
        });
  }

  private Optional<String> literalReached(HostName.Literal literal, Optional<IpAddress> local) {
    // Behind a 1:1 NAT the literal is not ours, but the address it was translated to is.
    boolean listening =
        endpoint.listensOn(literal.address()) || local.filter(endpoint::listensOn).isPresent();
    return listening ? Optional.of(literal.inUrl()) : Optional.empty();
  }

  private Optional<String> nameReached(HostName.Name name, Optional<IpAddress> local) {
    return local.map(endpoint::listensOn).orElse(true)
        ? Optional.of(name.inUrl())
        : Optional.empty();
  }

  private Optional<String> loopback(Optional<IpAddress> local) {
    IpAddress v4 = IpAddress.v4(0x7f000001);
    IpAddress v6 = IpAddress.v6(0, 1);
    return local
        .or(() -> Optional.of(endpoint.listensOn(v4) ? v4 : v6))
        .filter(endpoint::listensOn)
        .or(() -> Optional.of(v4).filter(endpoint::listensOn))
        .or(() -> Optional.of(v6).filter(endpoint::listensOn))
        .map(address -> new HostName.Literal(address).inUrl());
  }

  private List<String> listenerHosts() {
    List<IpAddress> listeners =
        endpoint.listeners().isEmpty()
            ? List.of(IpAddress.v4(0x7f000001))
            : endpoint.listeners().stream().filter(address -> !address.isAny()).toList();
    return listeners.stream()
        .sorted(
            Comparator.comparing((IpAddress address) -> address.toInetAddress().isLoopbackAddress())
                .thenComparing(IpAddress::family)
                .thenComparing(IpAddress::toString))
        .limit(MAX_LISTENERS_NAMED)
        .map(address -> new HostName.Literal(address).inUrl())
        .toList();
  }

  private static Optional<IpAddress> localAddress(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      int zone = text.indexOf('%');
      return Optional.of(IpAddress.parse(zone < 0 ? text : text.substring(0, zone)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
