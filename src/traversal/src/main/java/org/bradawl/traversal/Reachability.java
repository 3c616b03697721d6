package org.bradawl.traversal;

import org.bradawl.nat.Behavior;

/**
 * Whether a first packet gets in, from RFC 4787's two behaviours of each side and nothing else.
 * Once it is in, the answer gets back: NATs that track connections send it from the endpoint that
 * was written to, if nothing has been sent to that peer before. So of two peers one must be able to
 * reach the other's "seen" endpoint, the one that the server saw.
 */
final class Reachability {

  private Reachability() {}

  /** Whether writing to each other's seen endpoints is enough: 57 of the 81 pairs. */
  static boolean byPunching(Peer a, Peer b) {
    return admitsFirst(a, b) || admitsFirst(b, a);
  }

  /** Whether {@code to} lets in what {@code from} writes to its seen endpoint, primed or not. */
  static boolean admitsFirst(Peer from, Peer to) {
    return switch (to.filtering()) {
      case NONE, ENDPOINT_INDEPENDENT -> true;
      // The seen endpoint of a dependent mapping has been opened to the server alone.
      case ADDRESS_DEPENDENT -> isIndependent(to);
      case ADDRESS_AND_PORT_DEPENDENT, UNKNOWN -> isIndependent(to) && isIndependent(from);
    };
  }

  /** Whether {@code to} must not write to {@code from} first, or its answers would come astray. */
  static boolean mustHoldItsTongue(Peer from, Peer to) {
    return !isIndependent(to) && isStrict(from);
  }

  /** Unknown is taken for the commonest: most NATs map independently (RFC 4787 REQ-1). */
  static boolean isIndependent(Peer peer) {
    return peer.mapping().isIndependent() || peer.mapping() == Behavior.UNKNOWN;
  }

  /** Whether it admits only the very endpoint it has written to. */
  static boolean isStrict(Peer peer) {
    return peer.filtering() == Behavior.ADDRESS_AND_PORT_DEPENDENT;
  }

  /** Whether its mapping differs for every port of a peer. */
  static boolean isPerPort(Peer peer) {
    return peer.mapping() == Behavior.ADDRESS_AND_PORT_DEPENDENT;
  }
}
