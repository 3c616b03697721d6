package org.bradawl.server.platform.control;

import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The one data source of the server and its schema. */
@ApplicationScoped
@DataSourceDefinition(
    name = "java:app/jdbc/bradawl",
    className = "org.bradawl.server.platform.control.ConfiguredDataSource",
    minPoolSize = 0,
    initialPoolSize = 0,
    maxPoolSize = 16,
    properties = {
      // WildFly refuses a definition without any property.
      "loginTimeout=5",
      // Payara alone reads these: a connection that a restarted database left dead is replaced when
      // it is taken from the pool, instead of failing whoever gets it.
      "fish.payara.is-connection-validation-required=true",
      "fish.payara.connection-validation-method=custom-validation",
      "fish.payara.validation-classname=org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation"
    })
public class Database {

  /** A database that answers at all answers {@code isValid} in this time. */
  private static final int PATIENCE_SECONDS = 2;

  private static final System.Logger LOG = System.getLogger("bradawl.database");

  @Resource(lookup = "java:app/jdbc/bradawl")
  private DataSource dataSource;

  /**
   * Connects for the first time, within the {@code loginTimeout} above, and brings the schema to
   * the version this WAR knows.
   *
   * @throws StartProblem if the database does not let us
   */
  public void migrate(DatabaseSettings settings) {
    try (Connection connection = dataSource.getConnection()) {
      connection.isValid(PATIENCE_SECONDS);
    } catch (SQLException refused) {
      throw DatabaseRefusal.explain(settings, refused);
    }
    try {
      migrate(dataSource);
    } catch (FlywayException failed) {
      throw new StartProblem(
          "bradawl.db.url leads to a database whose schema cannot be brought up to date (%s: %s). Restore"
                  .formatted(settings, failed.getMessage())
              + " a backup, or name an empty database.",
          failed);
    }
  }

  /** Brings the schema of any database to the version this WAR knows. */
  static void migrate(DataSource target) {
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(target)
        .locations("classpath:db/migration")
        // Numbers are given out in blocks, so a later version may bring a lower one.
        .outOfOrder(true)
        .load()
        .migrate();
  }

  /**
   * Puts on disk what an embedded database still holds in memory: the process may end before the
   * container has closed the pool.
   */
  public void settle(DatabaseSettings settings) {
    if (settings.url().kind() != DatabaseUrl.Kind.H2) {
      return;
    }
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("checkpoint sync");
    } catch (SQLException away) {
      LOG.log(System.Logger.Level.WARNING, "the database file could not be settled", away);
    }
  }

  /** Whether it answers now. */
  public boolean reachable() {
    try (Connection connection = dataSource.getConnection()) {
      return connection.isValid(PATIENCE_SECONDS);
    } catch (SQLException away) {
      return false;
    }
  }
}
