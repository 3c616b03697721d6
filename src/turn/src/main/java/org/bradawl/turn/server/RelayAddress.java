package org.bradawl.turn.server;

import org.bradawl.stun.IpAddress;

/**
 * An address that relayed transport addresses are on.
 *
 * @param local what relay sockets are bound to; never 0.0.0.0 or ::
 * @param advertised what clients are told: the same, or the outside of a 1:1 NAT
 */
public record RelayAddress(IpAddress local, IpAddress advertised) {

  /** Rejects a wildcard, and two families. */
  public RelayAddress {
    if (local.isAny() || advertised.isAny()) {
      throw new IllegalArgumentException("a relay address is a concrete one");
    }
    if (local.family() != advertised.family()) {
      throw new IllegalArgumentException(local + " cannot stand behind " + advertised);
    }
  }

  /** An address that is told as it is. */
  public static RelayAddress plain(IpAddress address) {
    return new RelayAddress(address, address);
  }
}
