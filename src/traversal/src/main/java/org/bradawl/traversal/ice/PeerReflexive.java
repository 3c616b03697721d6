package org.bradawl.traversal.ice;

import java.util.Optional;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Priority;
import org.bradawl.traversal.Candidate;

/** Candidates of the peer's that its checks tell of (RFC 8445 §7.3.1.3). */
final class PeerReflexive {

  private PeerReflexive() {}

  /** The endpoint that a request came from, with the priority that it asks for. */
  static IceCandidate remote(LocalCandidate local, TransportAddress from, StunMessage request) {
    long priority = request.first(Priority.class).map(Priority::value).orElse(1L);
    return new IceCandidate(
        // RFC 8445 §7.3.1.3: unlike all others; no description's foundation has a dot in it.
        Integer.toHexString(from.hashCode()) + ".",
        1,
        local.candidate().transport(),
        local.candidate().tcpType().map(TcpType::counterpart),
        Math.clamp(priority, 1, Integer.MAX_VALUE),
        from,
        Candidate.Type.PEER_REFLEXIVE,
        Optional.empty());
  }
}
