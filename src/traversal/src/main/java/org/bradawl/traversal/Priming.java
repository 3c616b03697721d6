package org.bradawl.traversal;

import java.time.Duration;
import org.bradawl.traversal.Task.Aim;

/**
 * Opening the own NAT with a packet that dies before it reaches the other side's. Some NATs take an
 * early packet amiss: a naive Linux router gives its host's flow another port afterwards, and one
 * that answers a SYN with RST makes the other side's NAT forget what it had opened. Where one side
 * has primed, the other may write first, and where both have, either may.
 */
final class Priming {

  /**
   * How long packets that are to arrive wait after those that are not: longer than both sides'
   * starts may be apart, which is the error of two measured round trips.
   */
  static final Duration HOLD = Duration.ofMillis(150);

  /**
   * The first passes the router of a home and no other: that is where naive ones stand. A retry
   * passes the carrier's too, then one more network.
   */
  private static final int[] TTLS = {2, 4, 7};

  /** Both tasks and how to say what they do. */
  record Primed(String how, Task initiator, Task responder) {}

  private Priming() {}

  /** Whether either side can. */
  static boolean isPossible(Peer initiator, Peer responder) {
    return initiator.abilities().lowTtl() || responder.abilities().lowTtl();
  }

  /** Whose turn it is where one side does, on even attempts the initiator's; or who can. */
  static Side first(Peer initiator, Peer responder, int attempt) {
    Side turn = attempt % 2 == 0 ? Side.INITIATOR : Side.RESPONDER;
    Peer peer = turn == Side.INITIATOR ? initiator : responder;
    return peer.abilities().lowTtl() ? turn : turn.other();
  }

  /** After how many hops the packets of an attempt die. */
  static int ttl(int attempt) {
    return TTLS[attempt % TTLS.length];
  }

  /** The same tasks, each primed where its side can, and otherwise held until the other's is. */
  static Primed prime(Peer initiator, Task asking, Peer responder, Task asked, int attempt) {
    int ttl = ttl(attempt);
    return new Primed(
        how(initiator, responder), primed(asking, initiator, ttl), primed(asked, responder, ttl));
  }

  private static String how(Peer initiator, Peer responder) {
    boolean first = initiator.abilities().lowTtl();
    if (first && responder.abilities().lowTtl()) {
      return "a packet that dies on the way opens each NAT before the other side's arrives";
    }
    Peer able = first ? initiator : responder;
    Peer other = first ? responder : initiator;
    return "a packet that dies on the way opens "
        + able.name()
        + "'s NAT, then "
        + other.name()
        + " writes first";
  }

  private static Task primed(Task task, Peer peer, int ttl) {
    if (task.aim() == Aim.NOWHERE) {
      return task;
    }
    return peer.abilities().lowTtl() ? task.primedWith(ttl) : task.after(HOLD.dividedBy(2));
  }
}
