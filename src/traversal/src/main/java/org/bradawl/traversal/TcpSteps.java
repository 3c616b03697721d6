package org.bradawl.traversal;

import org.bradawl.nat.Behavior;
import org.bradawl.traversal.PunchSteps.Closed;
import org.bradawl.traversal.PunchSteps.Open;
import org.bradawl.traversal.PunchSteps.Way;

/** How two NATs are got through over TCP, once it is clear that neither peer is reachable. */
final class TcpSteps {

  private final Peer initiator;
  private final Peer responder;
  private final int attempt;

  TcpSteps(Peer initiator, Peer responder, int attempt) {
    this.initiator = initiator;
    this.responder = responder;
    this.attempt = attempt;
  }

  /**
   * Both connect to where the server saw the other (RFC 9293 §3.5: two SYNs that meet make one
   * connection). A NAT that answers an early SYN with RST ends that, for the other side's NAT then
   * forgets what it had opened; and whether a NAT does so is not known before. So the SYN of one
   * side dies on the way, wherever somebody can have it do so, and waits for the other's.
   */
  Way punch() {
    if (!keepsPorts(initiator) || !keepsPorts(responder)) {
      return new Closed("a NAT changes its TCP port for every destination");
    }
    String order = "both NATs keep their ports, so both sides can connect to each other at once";
    if (!Priming.isPossible(initiator, responder)) {
      return new Open(order, Task.toAnnounced(), Task.toAnnounced());
    }
    // On a retry the other side goes first: its router may stand where the packet must die.
    Side first = Priming.first(initiator, responder, attempt);
    Task opening = Task.toAnnounced().primedWith(Priming.ttl(attempt));
    Task following = Task.toAnnounced().after(Priming.HOLD);
    boolean asks = first == Side.INITIATOR;
    return new Open(
        "both NATs keep their ports: "
            + (asks ? initiator : responder).name()
            + "'s first packet dies on the way and opens its NAT for "
            + (asks ? responder : initiator).name()
            + "'s",
        asks ? opening : following,
        asks ? following : opening);
  }

  /** What was measured for TCP, otherwise what was for UDP: most NATs treat both alike. */
  private static boolean keepsPorts(Peer peer) {
    Behavior measured = peer.nat().tcpMapping();
    return measured == Behavior.UNKNOWN
        ? Reachability.isIndependent(peer)
        : measured.isIndependent();
  }
}
