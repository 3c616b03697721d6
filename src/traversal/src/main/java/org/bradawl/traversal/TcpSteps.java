package org.bradawl.traversal;

import static org.bradawl.traversal.Reachability.admitsFirst;
import static org.bradawl.traversal.Reachability.isIndependent;
import static org.bradawl.traversal.Reachability.mustHoldItsTongue;

import java.time.Duration;
import org.bradawl.nat.Answer;
import org.bradawl.nat.Behavior;
import org.bradawl.traversal.PunchSteps.Closed;
import org.bradawl.traversal.PunchSteps.Open;
import org.bradawl.traversal.PunchSteps.Way;

/** How two NATs are got through over TCP, once it is clear that neither peer is reachable. */
final class TcpSteps {

  /**
   * A SYN that comes before its NAT was opened is sent again after a second (RFC 6298 §2); both
   * starts are aligned to a few tens of milliseconds.
   */
  private static final Duration HEAD_START = Priming.HOLD.dividedBy(2);

  private final Peer initiator;
  private final Peer responder;
  private final Policy policy;
  private final int attempt;

  TcpSteps(Peer initiator, Peer responder, Policy policy, int attempt) {
    this.initiator = initiator.overTcp();
    this.responder = responder.overTcp();
    this.policy = policy;
    this.attempt = attempt;
  }

  /** Both connect to where the server saw the other. */
  Way punch() {
    if (!Reachability.byPunching(initiator, responder)) {
      return new Closed(
          "neither NAT would let in a connection from a port that the other side cannot know");
    }
    if (isIndependent(initiator) && isIndependent(responder)) {
      return mustPrime() ? primed() : atOnce();
    }
    return admitsFirst(initiator, responder) ? opening(Side.RESPONDER) : opening(Side.INITIATOR);
  }

  /**
   * Two SYNs that meet make one connection (RFC 9293 §3.5), and where NATs are silent about a SYN
   * that nobody asked for (RFC 5382 REQ-4), whichever comes second gets in. Where they answer RST,
   * the traversal notices, and has one side's next SYN die on the way.
   */
  private static Way atOnce() {
    return new Open(
        "both NATs keep their ports, so both sides can connect to each other at once",
        Task.toAnnounced(),
        Task.toAnnounced());
  }

  /** A naive router keeps what an early SYN did to it; and a retry goes another way. */
  private boolean mustPrime() {
    boolean naive =
        initiator.nat().earlyPacketMovesPort() == Answer.YES
            || responder.nat().earlyPacketMovesPort() == Answer.YES;
    return (naive || attempt > 0) && Priming.isPossible(initiator, responder);
  }

  /** The SYN of one side dies on the way, and waits for the other's. */
  private Way primed() {
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

  /**
   * One NAT changes its port, and the other lets in every port of an address that its host has
   * written to, or everybody.
   */
  private Way opening(Side admitting) {
    boolean asks = admitting == Side.INITIATOR;
    Peer open = asks ? initiator : responder;
    Peer other = asks ? responder : initiator;
    boolean everybody =
        open.filtering() == Behavior.ENDPOINT_INDEPENDENT || open.filtering() == Behavior.NONE;
    boolean waits = everybody || mustHoldItsTongue(other, open);
    Task opening = waits ? Task.waiting() : Task.toAnnounced();
    Task connecting = waits ? Task.toAnnounced() : Task.toAnnounced().after(HEAD_START);
    return new Open(
        waits
            ? open.name() + " waits for the connection, which its NAT lets in from everywhere"
            : open.name()
                + " connects to "
                + other.name()
                + "'s address, whose every port its NAT then lets in, and "
                + other.name()
                + " connects back",
        asks ? opening : connecting,
        asks ? connecting : opening);
  }

  /** As over UDP, from ports of their own, which both listened on and connect from. */
  Way predict() {
    return new PunchSteps(initiator, responder, policy, attempt).predict();
  }
}
