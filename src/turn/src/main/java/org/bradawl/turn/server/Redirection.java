package org.bradawl.turn.server;

import java.util.Optional;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;

/**
 * Where new allocations are sent instead (RFC 8489 §10): ALTERNATE-SERVER has to be of the family
 * that the client came with, so there may be one for each.
 *
 * @param domain the name in the alternate's certificate, for clients over TLS or DTLS
 * @param securePort where those clients are sent, since they come by TLS or DTLS again
 */
public record Redirection(
    Optional<TransportAddress> v4,
    Optional<TransportAddress> v6,
    Optional<String> domain,
    int securePort) {

  /** RFC 8656 §3.1: where TLS and DTLS are usually served. */
  public static final int USUAL_SECURE_PORT = 5349;

  /** Rejects an address of the wrong family. */
  public Redirection {
    if (v4.filter(address -> address.address().family() != Family.IPV4).isPresent()
        || v6.filter(address -> address.address().family() != Family.IPV6).isPresent()) {
      throw new IllegalArgumentException("an alternate server of the wrong family");
    }
  }

  /** To one server, with TLS and DTLS on their usual port. */
  public static Redirection to(TransportAddress server, Optional<String> domain) {
    return to(server, domain, USUAL_SECURE_PORT);
  }

  /** To one server. */
  public static Redirection to(TransportAddress server, Optional<String> domain, int securePort) {
    return switch (server.address().family()) {
      case IPV4 -> new Redirection(Optional.of(server), Optional.empty(), domain, securePort);
      case IPV6 -> new Redirection(Optional.empty(), Optional.of(server), domain, securePort);
    };
  }

  /** The address for a client that comes this way, if there is one of its family. */
  Optional<TransportAddress> of(FiveTuple path) {
    Optional<TransportAddress> server = of(path.client().address().family());
    return switch (path.transport()) {
      case UDP, TCP -> server;
      case TLS, DTLS -> server.map(address -> new TransportAddress(address.address(), securePort));
    };
  }

  private Optional<TransportAddress> of(Family family) {
    return switch (family) {
      case IPV4 -> v4;
      case IPV6 -> v6;
    };
  }
}
