package org.bradawl.server.http.boundary;

import java.time.Duration;

/** Carries a problem out of a resource or a filter to its mapper. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final Duration retryAfter;

  ProblemException(Problem problem, Duration retryAfter) {
    super(problem.title(), null, false, false);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** What is wrong. */
  public Problem problem() {
    return problem;
  }

  /** How long the client should stay away; zero if that does not matter. */
  Duration retryAfter() {
    return retryAfter;
  }
}
