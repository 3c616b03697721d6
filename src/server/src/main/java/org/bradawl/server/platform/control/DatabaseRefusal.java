package org.bradawl.server.platform.control;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Says in an operator's words why a database did not let the server in. */
final class DatabaseRefusal {

  /** SQLSTATE class 28: invalid authorization specification. */
  private static final String AUTHORIZATION = "28";

  /** SQLSTATE class 3D: PostgreSQL's answer for a database that does not exist. */
  private static final String NO_SUCH_DATABASE = "3D";

  /** H2's error code for a file that another process holds. */
  private static final String H2_IN_USE = "90020";

  private DatabaseRefusal() {}

  static StartProblem explain(DatabaseSettings settings, SQLException refused) {
    SQLException cause = deepest(refused);
    String state = cause.getSQLState() == null ? "" : cause.getSQLState();
    return new StartProblem(line(settings, cause, state), refused);
  }

  private static String line(DatabaseSettings settings, SQLException cause, String state) {
    if (state.startsWith(AUTHORIZATION)) {
      return "bradawl.db.user or bradawl.db.password is refused by the database at %s. Correct them."
          .formatted(settings);
    }
    if (state.startsWith(NO_SUCH_DATABASE)) {
      return "bradawl.db.url names a database that does not exist: %s. Create it, or correct the URL."
          .formatted(settings);
    }
    if (state.equals(H2_IN_USE)) {
      return "bradawl.db.url leads to a file that another process uses: %s. Stop the other server, or"
              .formatted(settings)
          + " give this one another bradawl.data.directory.";
    }
    return "bradawl.db.url leads to a database that does not answer: %s (%s). Start it, or correct the URL."
        .formatted(settings, firstLine(cause.getMessage()));
  }

  /** The pool wraps what the driver said. */
  private static SQLException deepest(SQLException refused) {
    SQLException deepest = refused;
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        deepest = sql;
      }
    }
    return deepest;
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("");
  }
}
