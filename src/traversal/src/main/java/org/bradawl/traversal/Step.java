package org.bradawl.traversal;

import java.time.Duration;

/**
 * One thing to try, by both sides.
 *
 * @param number its place in the plan, from 0
 * @param reason why it is tried here and now, for people
 * @param startsAfter when it begins, from the start of the plan
 * @param budget how long it may go on
 * @param initiator the part of the side that asked for the connection
 * @param responder the part of the other
 */
public record Step(
    int number,
    Method method,
    Transport transport,
    String reason,
    Duration startsAfter,
    Duration budget,
    Task initiator,
    Task responder) {

  /** The part of one side. */
  public Task task(Side side) {
    return switch (side) {
      case INITIATOR -> initiator;
      case RESPONDER -> responder;
    };
  }
}
