package org.bradawl.traversal;

import java.time.Duration;
import java.util.List;
import org.bradawl.stun.TransportAddress;

/**
 * One side's part of a step.
 *
 * @param sockets what it sends from
 * @param count how many sockets
 * @param aim where it sends to
 * @param known the endpoints when the aim is {@link Aim#KNOWN}
 * @param after how long it holds back once both have begun
 * @param primingTtl TTL of a first packet that opens the own NAT and dies before the other; 0: none
 * @param stride every how many-th predicted endpoint it writes to
 * @param budget how many endpoints at most
 */
public record Task(
    Sockets sockets,
    int count,
    Aim aim,
    List<TransportAddress> known,
    Duration after,
    int primingTtl,
    int stride,
    int budget) {

  /** Which sockets. */
  public enum Sockets {
    /** The one that the server has seen and whose mapping holds for everybody. */
    MAIN,
    /** A fresh one that has written to nobody, so that the peer gets its first mapping. */
    PRISTINE,
    /** A fresh one that has just asked the server where it is seen. */
    SAMPLED,
    /** Many fresh ones. */
    MANY
  }

  /** Where to. */
  public enum Aim {
    /** Nowhere: it waits, and answers. */
    NOWHERE,
    /** Endpoints that the plan names. */
    KNOWN,
    /** Endpoints that the peer's preparation names. */
    ANNOUNCED,
    /** Random ports out of the range that the peer's preparation names. */
    SEARCHED
  }

  /** Checks the numbers and copies the list. */
  public Task {
    known = List.copyOf(known);
    if (count < 1 || stride < 1 || budget < 0 || primingTtl < 0) {
      throw new IllegalArgumentException("counts of a task are not negative");
    }
  }

  /** Waits at its main socket. */
  public static Task waiting() {
    return new Task(Sockets.MAIN, 1, Aim.NOWHERE, List.of(), Duration.ZERO, 0, 1, 0);
  }

  /** Writes from its main socket to where the plan says. */
  public static Task to(List<TransportAddress> known) {
    return new Task(Sockets.MAIN, 1, Aim.KNOWN, known, Duration.ZERO, 0, 1, known.size());
  }

  /** Writes from its main socket to where the peer says it is seen. */
  public static Task toAnnounced() {
    return new Task(Sockets.MAIN, 1, Aim.ANNOUNCED, List.of(), Duration.ZERO, 0, 1, 1);
  }

  /** The same from other sockets. */
  public Task from(Sockets newSockets, int newCount) {
    return new Task(newSockets, newCount, aim, known, after, primingTtl, stride, budget);
  }

  /** The same with another aim and budget. */
  public Task aimed(Aim newAim, int newBudget) {
    return new Task(sockets, count, newAim, known, after, primingTtl, stride, newBudget);
  }

  /** The same, held back. */
  public Task after(Duration newAfter) {
    return new Task(sockets, count, aim, known, newAfter, primingTtl, stride, budget);
  }

  /** The same with a packet that dies on the way before the others. */
  public Task primedWith(int newPrimingTtl) {
    return new Task(sockets, count, aim, known, after, newPrimingTtl, stride, budget);
  }

  /** The same, leaving out endpoints. */
  public Task striding(int newStride) {
    return new Task(sockets, count, aim, known, after, primingTtl, newStride, budget);
  }
}
