package org.bradawl.traversal.ice;

import java.util.Optional;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Candidate;
import org.bradawl.traversal.Transport;

/**
 * A candidate of our own.
 *
 * @param socket the number of the socket, listener or relay that it leaves from
 * @param base the endpoint that packets for it are sent from
 */
public record LocalCandidate(int socket, IceCandidate candidate, TransportAddress base) {

  /** RFC 8445 §5.1.2.1: where there is nothing to choose between addresses. */
  private static final int MOST_PREFERRED = 65_535;

  /** RFC 6544 §4.2: below the direction's 3 bits there are 13 for the rest. */
  private static final int TCP_BITS = 13;

  /**
   * An endpoint that was bound here.
   *
   * @param order 0 for the first address of this host, 1 for the next, and so on
   */
  public static LocalCandidate host(int socket, TransportAddress address, int order) {
    return of(
        socket, Candidate.Type.HOST, address, address, MOST_PREFERRED - order, Optional.empty());
  }

  /** The end of TCP connections; one that only connects is told with the discard port. */
  public static LocalCandidate tcp(int socket, TransportAddress address, TcpType type, int order) {
    int preference = (type.preference() << TCP_BITS) + (1 << TCP_BITS) - 1 - order;
    TransportAddress told =
        type == TcpType.ACTIVE
            ? new TransportAddress(address.address(), TcpType.DISCARD_PORT)
            : address;
    Candidate priced = new Candidate(Candidate.Type.HOST, Transport.TCP, told, told, preference, 1);
    return new LocalCandidate(
        socket,
        new IceCandidate(
            priced.foundation(),
            1,
            Transport.TCP,
            Optional.of(type),
            priced.priority(),
            told,
            Candidate.Type.HOST,
            Optional.empty()),
        told);
  }

  /** What a STUN server sees of a host endpoint. */
  public static LocalCandidate serverReflexive(
      LocalCandidate host, TransportAddress mapped, int order) {
    return of(
        host.socket(),
        Candidate.Type.SERVER_REFLEXIVE,
        mapped,
        host.base(),
        MOST_PREFERRED - order,
        Optional.of(host.base()));
  }

  /** An endpoint at a relay, which is its own base. */
  public static LocalCandidate relayed(
      int socket, TransportAddress relayed, TransportAddress mapped) {
    return of(
        socket, Candidate.Type.RELAYED, relayed, relayed, MOST_PREFERRED, Optional.of(mapped));
  }

  /** RFC 8445 §7.2.5.3.1: what the peer's answer tells of us, with the priority of the check. */
  LocalCandidate peerReflexive(TransportAddress mapped, long priority) {
    return new LocalCandidate(
        socket,
        new IceCandidate(
            candidate.foundation(),
            candidate.component(),
            candidate.transport(),
            candidate.tcpType(),
            priority,
            mapped,
            Candidate.Type.PEER_REFLEXIVE,
            Optional.of(base)),
        base);
  }

  /** RFC 8445 §7.1.1: what this candidate would be worth if the peer's answer told of it. */
  long peerReflexivePriority() {
    long others = candidate.priority() & 0xff_ffffL;
    return ((long) Candidate.Type.PEER_REFLEXIVE.preference() << 24) | others;
  }

  /** Whether checks are sent from it: from bases, once per socket, and never from a listener. */
  boolean isChecked() {
    return (candidate.type() == Candidate.Type.HOST || candidate.type() == Candidate.Type.RELAYED)
        && candidate.tcpType().filter(type -> type == TcpType.PASSIVE).isEmpty();
  }

  private static LocalCandidate of(
      int socket,
      Candidate.Type type,
      TransportAddress address,
      TransportAddress base,
      int preference,
      Optional<TransportAddress> related) {
    Candidate priced = new Candidate(type, Transport.UDP, address, base, preference, 1);
    return new LocalCandidate(
        socket,
        new IceCandidate(
            priced.foundation(),
            1,
            Transport.UDP,
            Optional.empty(),
            Math.max(1, priced.priority()),
            address,
            type,
            related),
        base);
  }
}
