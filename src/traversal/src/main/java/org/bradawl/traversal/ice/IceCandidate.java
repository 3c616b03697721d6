package org.bradawl.traversal.ice;

import java.util.Optional;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Candidate;
import org.bradawl.traversal.Transport;

/**
 * A candidate as a description tells it (RFC 8839 §5.1).
 *
 * @param foundation 1 to 32 characters that candidates share which are likely to fare alike
 * @param component 1 to 256
 * @param tcpType for TCP and only there
 * @param priority 1 to 2³¹ − 1
 * @param related where it was learned from: the base, or the mapped address of a relay
 */
public record IceCandidate(
    String foundation,
    int component,
    Transport transport,
    Optional<TcpType> tcpType,
    long priority,
    TransportAddress address,
    Candidate.Type type,
    Optional<TransportAddress> related) {

  private static final int LONGEST_FOUNDATION = 32;

  /** Rejects what RFC 8839 does. */
  public IceCandidate {
    if (foundation.isEmpty() || foundation.length() > LONGEST_FOUNDATION) {
      throw new IllegalArgumentException("a foundation has 1 to 32 characters");
    }
    if (component < 1 || component > 256 || priority < 1 || priority > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a component is 1 to 256, a priority has 31 bits");
    }
    if ((transport == Transport.TCP) != tcpType.isPresent()) {
      throw new IllegalArgumentException("TCP has a type, and only TCP");
    }
  }

  /** Whether a pair of the two can work (RFC 8445 §6.1.2.2, RFC 6544 §6.2). */
  boolean pairsWith(IceCandidate remote) {
    return component == remote.component
        && transport == remote.transport
        && address.address().family() == remote.address.address().family()
        && isLinkLocal(address) == isLinkLocal(remote.address)
        && tcpType.map(TcpType::counterpart).equals(remote.tcpType);
  }

  private static boolean isLinkLocal(TransportAddress address) {
    return switch (address.address().family()) {
      case IPV4 -> false;
      case IPV6 -> address.address().high() >>> 54 == 0xfe80 >>> 6;
    };
  }
}
