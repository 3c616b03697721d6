package org.bradawl.server.credentials.boundary;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.bradawl.server.credentials.control.Admission;
import org.bradawl.server.credentials.control.Refusal;
import org.bradawl.server.http.boundary.Bearer;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.ProblemException;
import org.bradawl.server.http.boundary.ProblemType;
import org.jspecify.annotations.Nullable;

/** Translates between an HTTP request and what the control layer asks about its sender. */
final class Callers {

  private Callers() {}

  static @Nullable String credential(HttpServletRequest request) {
    return Bearer.of(request.getHeader("Authorization")).orElse(null);
  }

  static ProblemException problem(Admission.Refused refused) {
    Problem problem =
        refused.refusal() == Refusal.INVALID_PEER
            ? Problem.invalid("peer", refused.message())
            : Problem.of(type(refused.refusal()), refused.message());
    Duration retryAfter = refused.retryAfter();
    return retryAfter.isZero() ? problem.exception() : problem.exceptionAfter(retryAfter);
  }

  private static ProblemType type(Refusal refusal) {
    return switch (refusal) {
      case MISSING -> ProblemType.CREDENTIALS_MISSING;
      case UNKNOWN -> ProblemType.CREDENTIALS_UNKNOWN;
      case EXPIRED -> ProblemType.TOKEN_EXPIRED;
      case OTHER_PEER -> ProblemType.NOT_ALLOWED;
      case INVALID_PEER -> ProblemType.INVALID_VALUE;
      case TOO_MANY_FAILURES -> ProblemType.TOO_MANY_FAILURES;
    };
  }
}
