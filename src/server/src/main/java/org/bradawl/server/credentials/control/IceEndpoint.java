package org.bradawl.server.credentials.control;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.datapath.ExternalAddress;
import org.bradawl.stun.IpAddress;

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

  /** What the settings of the relay say. */
  static IceEndpoint of(DatapathSettings settings, Duration lifetime) {
    return new IceEndpoint(
        settings.relay().externalAddresses().stream()
            .map(external ->
                switch (external) {
                  case ExternalAddress.Literal(IpAddress address) -> address.toString();
                  case ExternalAddress.Name(String name) -> name;
                })
            .toList(),
        Set.copyOf(settings.listen().addresses()),
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
