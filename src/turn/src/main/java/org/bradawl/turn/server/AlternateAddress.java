package org.bradawl.turn.server;

import org.bradawl.stun.IpAddress;

/**
 * Two addresses of this server that together let a client find out how its NAT behaves (RFC 5780
 * §6): both are listened on, over UDP, at both ports.
 */
public record AlternateAddress(
    IpAddress primary, IpAddress alternate, int port, int alternatePort) {

  /** Rejects addresses or ports that do not differ, and two families. */
  public AlternateAddress {
    if (primary.equals(alternate) || port == alternatePort) {
      throw new IllegalArgumentException("the alternate address and port must differ");
    }
    if (primary.family() != alternate.family()) {
      throw new IllegalArgumentException("the alternate address must be of the same family");
    }
  }
}
