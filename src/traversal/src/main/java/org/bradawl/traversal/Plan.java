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
  public record Refusal(Method method, Transport transport, String reason) {}

  /** Copies the lists. */
  public Plan {
    steps = List.copyOf(steps);
    refusals = List.copyOf(refusals);
  }
}
