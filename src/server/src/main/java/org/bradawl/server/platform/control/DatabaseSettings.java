package org.bradawl.server.platform.control;

import java.nio.file.Path;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Where the database is.
 *
 * @param url its URL
 * @param user the user name, empty where none is needed
 * @param password the password, empty where none is needed
 */
record DatabaseSettings(DatabaseUrl url, String user, String password) {

  /** Reads the configuration. Without a URL it is an H2 file in the data directory. */
  static DatabaseSettings current() {
    Config config = ConfigProvider.getConfig();
    Path data =
        Path.of(config.getOptionalValue("bradawl.data.directory", String.class).orElse("data"));
    String file =
        "jdbc:h2:file:"
            + data.toAbsolutePath().normalize().resolve("bradawl")
            + ";DB_CLOSE_ON_EXIT=FALSE";
    return new DatabaseSettings(
        DatabaseUrl.of(config.getOptionalValue("bradawl.db.url", String.class).orElse(file)),
        config.getOptionalValue("bradawl.db.user", String.class).orElse(""),
        config.getOptionalValue("bradawl.db.password", String.class).orElse(""));
  }
}
