package org.bradawl.traversal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.bradawl.stun.TransportAddress;

/** The connections that one side of a traversal begins, and begins again while they are refused. */
final class Dialling {

  /**
   * A refused or reset connection is tried again after this, half of it more or less: two sides
   * that kept time would miss each other again and again.
   */
  private static final long AGAIN_NANOS = 100_000_000L;

  /**
   * The first time one side is quicker. Where a SYN was refused because it came before the other
   * side's had opened that side's NAT, that has happened meanwhile.
   */
  private static final long SOON_NANOS = 15_000_000L;

  /**
   * Something to connect to.
   *
   * @param socket whose port to connect from
   * @param ttl how many hops the SYN may see; 0 for the usual
   * @param refusals how often that has failed
   */
  record Dial(Step step, int socket, TransportAddress to, int ttl, int refusals, long atNanos) {}

  private final Side side;
  private final RandomGenerator random;
  private final ToLongFunction<Step> end;
  private final Map<Integer, Dial> dialled = new HashMap<>();
  private final List<Dial> waiting = new ArrayList<>();

  /**
   * Nothing to connect to yet.
   *
   * @param end when a step is over
   */
  Dialling(Side side, RandomGenerator random, ToLongFunction<Step> end) {
    this.side = side;
    this.random = random;
    this.end = end;
  }

  /** Connect there when it is time. */
  void add(Step step, int socket, TransportAddress to, int ttl, long atNanos) {
    waiting.add(new Dial(step, socket, to, ttl, 0, atNanos));
  }

  /** Those whose time has come, and whose step is not over. */
  List<Dial> due(long now) {
    List<Dial> due = waiting.stream().filter(dial -> now - dial.atNanos() >= 0).toList();
    waiting.removeAll(due);
    return due.stream().filter(dial -> now - end.applyAsLong(dial.step()) < 0).toList();
  }

  /** One has begun, under this number. */
  void began(int connection, Dial dial) {
    dialled.put(connection, dial);
  }

  /** What a connection of ours is for. */
  Optional<Dial> of(int connection) {
    return Optional.ofNullable(dialled.get(connection));
  }

  /** One did not come about; it is tried again while its step lasts. */
  void failed(int connection, long now) {
    Dial dial = dialled.remove(connection);
    if (dial != null && now - end.applyAsLong(dial.step()) < 0) {
      waiting.add(again(dial, now));
    }
  }

  /**
   * A NAT that answers RST makes the other side's forget what it had opened. Where both do, one
   * side has to open its NAT with a SYN that dies on the way, and wait for the other's.
   */
  private Dial again(Dial dial, long now) {
    int refusals = dial.refusals() + 1;
    long pause = AGAIN_NANOS / 2 + random.nextLong(AGAIN_NANOS);
    int ttl = 0;
    if (opensFirst(dial.step())) {
      if (refusals == 1) {
        pause = SOON_NANOS;
      } else if (refusals % 2 == 0) {
        pause = 0;
        ttl = Priming.ttl(0);
      }
    }
    return new Dial(dial.step(), dial.socket(), dial.to(), ttl, refusals, now + pause);
  }

  /** Whom the plan names, otherwise the side that asked; nobody where one side waits. */
  private boolean opensFirst(Step step) {
    boolean bothConnect =
        step.initiator().aim() != Task.Aim.NOWHERE && step.responder().aim() != Task.Aim.NOWHERE;
    boolean planned = step.initiator().primingTtl() + step.responder().primingTtl() > 0;
    return bothConnect && (planned ? step.task(side).primingTtl() > 0 : side == Side.INITIATOR);
  }

  /** When something is due. */
  LongStream times() {
    return waiting.stream().mapToLong(Dial::atNanos);
  }
}
