package org.bradawl.turn.server;

import java.util.Optional;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;

/**
 * Where new allocations are sent instead (RFC 8489 §10): ALTERNATE-SERVER has to be of the family
 * that the client came with, so there may be one for each.
 *
 * @param domain the name in the alternate's certificate, for clients over TLS or DTLS
 */
public record Redirection(
    Optional<TransportAddress> v4, Optional<TransportAddress> v6, Optional<String> domain) {

  /** Rejects an address of the wrong family. */
  public Redirection {
    if (v4.filter(address -> address.address().family() != Family.IPV4).isPresent()
        || v6.filter(address -> address.address().family() != Family.IPV6).isPresent()) {
      throw new IllegalArgumentException("an alternate server of the wrong family");
    }
  }

  /** To one server. */
  public static Redirection to(TransportAddress server, Optional<String> domain) {
    return switch (server.address().family()) {
      case IPV4 -> new Redirection(Optional.of(server), Optional.empty(), domain);
      case IPV6 -> new Redirection(Optional.empty(), Optional.of(server), domain);
    };
  }

  /** The address for clients of this family, if there is one. */
  Optional<TransportAddress> of(Family family) {
    return switch (family) {
      case IPV4 -> v4;
      case IPV6 -> v6;
    };
  }
}
