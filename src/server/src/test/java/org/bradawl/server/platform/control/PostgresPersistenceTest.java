package org.bradawl.server.platform.control;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Objects;
import org.bradawl.tests.support.Requires;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a real PostgreSQL. */
final class PostgresPersistenceTest extends PersistenceContract {

  private @Nullable EmbeddedPostgres postgres;
  private @Nullable DatabaseSuite database;

  @BeforeAll
  void start() throws IOException {
    Requires.linux();
    Requires.that(
        "amd64".equals(System.getProperty("os.arch")), "needs an amd64 machine for PostgreSQL");
    postgres = EmbeddedPostgres.start();
    database =
        new DatabaseSuite(
            new DatabaseSettings(
                DatabaseUrl.of(postgres.getJdbcUrl("postgres", "postgres")).orElseThrow(),
                "postgres",
                ""));
  }

  @AfterAll
  void stop() throws IOException {
    if (database != null) {
      database.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Override
  public DatabaseSuite database() {
    return Objects.requireNonNull(database);
  }
}
