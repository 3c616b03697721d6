package org.bradawl.server.http.boundary;

import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Answers for whatever nobody expected: a database that is away is a 503 with a hint to come back,
 * all else a 500 whose cause stays in the log under an id.
 */
@Provider
public class UnexpectedExceptionMapper implements ExceptionMapper<Throwable> {

  private static final Logger LOG = Logger.getLogger(UnexpectedExceptionMapper.class.getName());

  /** The pool asks a lost database again within seconds; sooner would only repeat the failure. */
  private static final Duration DATABASE_RETRY = Duration.ofSeconds(5);

  /** Deeper chains of causes are not followed; a cycle would never end. */
  private static final int MAX_CAUSES = 20;

  @Override
  public Response toResponse(Throwable exception) {
    if (isDatabaseAway(exception)) {
      LOG.log(Level.WARNING, "The database did not answer a request: {0}", exception.toString());
      return new ProblemExceptionMapper()
          .toResponse(
              Problem.of(
                      ProblemType.DATABASE_UNAVAILABLE, ProblemType.DATABASE_UNAVAILABLE.remedy())
                  .exceptionAfter(DATABASE_RETRY));
    }
    String incident = UUID.randomUUID().toString();
    LOG.log(Level.SEVERE, exception, () -> "A request failed, incident " + incident);
    return Problem.internal("urn:uuid:" + incident).response().build();
  }

  private static boolean isDatabaseAway(Throwable exception) {
    Throwable cause = exception;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (cause instanceof PersistenceException || cause instanceof SQLException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
