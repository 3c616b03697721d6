package org.bradawl.server.credentials.control;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.datapath.ExternalAddress;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Where STUN and TURN are offered, as far as the ICE server list needs to know.
 *
 * @param externalHosts addresses or names that the operator says clients must use; empty if none
 *     are set
 * @param listeners the addresses of the listeners; empty if they listen on every local address;
 *     0.0.0.0 and :: stand for every one of their family
 * @param port of STUN and TURN, UDP and TCP
 * @param lifetime how long the credentials are good
 */
public record IceEndpoint(
    List<String> externalHosts, Set<IpAddress> listeners, int port, Duration lifetime) {

  /** Keeps its own copies. */
  public IceEndpoint {
    externalHosts = List.copyOf(externalHosts);
    listeners = Set.copyOf(listeners);
  }

  /**
   * What the settings of the relay say, and where it listens.
   *
   * @param listening its listeners, the alternate ones of RFC 5780 too; empty if it does not run
   */
  static IceEndpoint of(
      DatapathSettings settings, List<Datapath.Listener> listening, Duration lifetime) {
    Set<IpAddress> primary =
        listening.stream()
            .map(Datapath.Listener::address)
            .filter(address -> address.port() == settings.listen().port())
            .map(TransportAddress::address)
            .filter(address -> !settings.listen().alternateAddresses().contains(address))
            .collect(Collectors.toSet());
    return new IceEndpoint(
        settings.relay().externalAddresses().stream().map(ExternalAddress::host).toList(),
        primary.isEmpty() ? Set.copyOf(settings.listen().addresses()) : primary,
        settings.listen().port(),
        lifetime);
  }

  /** Whether something listens on this local address. */
  boolean listensOn(IpAddress address) {
    return listeners.isEmpty()
        || listeners.contains(address)
        || listeners.stream()
            .anyMatch(listener -> listener.isAny() && listener.family() == address.family());
  }
}
