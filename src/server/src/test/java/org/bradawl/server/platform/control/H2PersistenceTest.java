package org.bradawl.server.platform.control;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on H2, in a file as the server has it by default. */
final class H2PersistenceTest extends PersistenceContract {

  private DatabaseSuite database;

  @BeforeAll
  void open(@TempDir Path folder) {
    database = new DatabaseSuite(new DatabaseSettings(DatabaseUrl.fileIn(folder), "", ""));
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Override
  public DatabaseSuite database() {
    return database;
  }
}
