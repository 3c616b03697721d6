package org.bradawl.server.http.boundary;

import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.TransactionalException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.platform.control.Database;

/**
 * Answers for whatever nobody expected: a database that is away is a 503 with a hint to come back,
 * all else a 500 whose cause stays in the log under an id.
 */
@Provider
public class UnexpectedExceptionMapper implements ExceptionMapper<Throwable> {

  private static final System.Logger LOG = System.getLogger("bradawl.http");

  /** The pool asks a lost database again within seconds; sooner would only repeat the failure. */
  private static final Duration DATABASE_RETRY = Duration.ofSeconds(5);

  /** Deeper chains of causes are not followed; a cycle would never end. */
  private static final int MAX_CAUSES = 20;

  /** SQLSTATE class 23 is "integrity constraint violation": somebody else was first. */
  private static final String CONSTRAINT = "23";

  @Inject private Database database;

  @Override
  public Response toResponse(Throwable exception) {
    Optional<SQLException> refusal = causes(exception, SQLException.class);
    if (refusal.map(SQLException::getSQLState).filter(s -> s.startsWith(CONSTRAINT)).isPresent()) {
      return Problem.of(ProblemType.CONFLICT, "Somebody else did the same at the same time.")
          .response()
          .build();
    }
    boolean persistence =
        refusal.isPresent()
            || causes(exception, PersistenceException.class).isPresent()
            || causes(exception, TransactionalException.class).isPresent();
    if (persistence && !database.reachable()) {
      LOG.log(Level.WARNING, "The database did not answer a request: {0}", exception.toString());
      return new ProblemExceptionMapper()
          .toResponse(
              Problem.of(
                      ProblemType.DATABASE_UNAVAILABLE, ProblemType.DATABASE_UNAVAILABLE.remedy())
                  .exceptionAfter(DATABASE_RETRY));
    }
    String incident = UUID.randomUUID().toString();
    LOG.log(Level.ERROR, () -> "A request failed, incident " + incident, exception);
    return Problem.internal("urn:uuid:" + incident).response().build();
  }

  private static <T extends Throwable> Optional<T> causes(Throwable exception, Class<T> type) {
    Throwable cause = exception;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
