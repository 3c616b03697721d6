package org.bradawl.datapath.secure;

import java.util.List;
import java.util.Optional;

/**
 * Every identity of the server.
 *
 * @param standard shown to whoever asks for no name, or for one that nobody has
 * @param others shown to those who ask for a name that they cover, the first one that does
 */
public record Identities(ServerIdentity standard, List<ServerIdentity> others) {

  /** Keeps its own copy. */
  public Identities {
    others = List.copyOf(others);
  }

  /**
   * The identities that a client who asks for this name may be shown, the best first.
   *
   * @param serverName what SNI says (RFC 6066 §3)
   */
  public List<ServerIdentity> forName(Optional<String> serverName) {
    if (serverName.isEmpty()) {
      return List.of(standard);
    }
    List<ServerIdentity> covering =
        others.stream().filter(identity -> identity.covers(serverName.get())).toList();
    return covering.isEmpty() ? List.of(standard) : covering;
  }

  /** Whether a client that trusts the usual authorities may be sent here by this name. */
  public boolean mayBeTrustedFor(String host) {
    return forName(Optional.of(host)).stream()
        .anyMatch(identity -> !identity.selfMade() && identity.covers(host));
  }
}
