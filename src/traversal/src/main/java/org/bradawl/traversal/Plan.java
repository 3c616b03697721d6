package org.bradawl.traversal;

import java.util.List;

/**
 * What two peers will try.
 *
 * @param steps in the order in which they begin; several may go on at once
 * @param refusals what will not be tried, and why
 */
public record Plan(List<Step> steps, List<Refusal> refusals) {

  /** A method that is hopeless, not allowed, or has no need of trying. */
  public record Refusal(Method method, Transport transport, String reason) {

    /** The reason of what one of the two, or the server, does not want. */
    static final String NOT_ALLOWED = "the policy does not allow it";

    /** Whether somebody's wish is in the way, and not a NAT. */
    boolean isAWish() {
      return method != Method.RELAY && reason.equals(NOT_ALLOWED);
    }
  }

  /** Copies the lists. */
  public Plan {
    steps = List.copyOf(steps);
    refusals = List.copyOf(refusals);
  }
}
