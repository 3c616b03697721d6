package org.bradawl.turn.server;

import java.util.Optional;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.Principal;

/**
 * A peer that a client asked for and must not reach.
 *
 * @param principal who asked
 * @param client where from
 * @param peer the address as the client wrote it
 * @param rule why not
 * @param range the range that names the address, where it was a range
 */
public record PeerDenial(
    Principal principal, FiveTuple client, TransportAddress peer, Rule rule, Optional<Cidr> range) {

  /** Why a peer must not be reached. */
  public enum Rule {
    /** Something that this server serves itself. */
    OWN_SERVICE,
    /** An address of this server, at a port that nobody relays at. */
    OWN_ADDRESS,
    /** A range that the operator denies. */
    DENIED,
    /** A range that is not global unicast, and that the operator does not allow. */
    NOT_GLOBAL,
    /** An IPv6 address that carries an IPv4 one. */
    CARRIES_IPV4
  }

  /** The rule, and the range if there is one. */
  record Ground(Rule rule, Optional<Cidr> range) {}
}
