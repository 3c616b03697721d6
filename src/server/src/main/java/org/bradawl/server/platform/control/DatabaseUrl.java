package org.bradawl.server.platform.control;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A JDBC URL of one of the databases the server knows.
 *
 * @param kind which database it leads to
 * @param url the whole URL
 */
public record DatabaseUrl(Kind kind, String url) {

  /** The databases the migrations are written for. */
  public enum Kind {
    /** Embedded, the default. */
    H2("org.hibernate.dialect.H2Dialect"),
    /** For production. */
    POSTGRESQL("org.hibernate.dialect.PostgreSQLDialect");

    private final String dialect;

    Kind(String dialect) {
      this.dialect = dialect;
    }

    /** The class name of Hibernate's dialect. */
    public String dialect() {
      return dialect;
    }
  }

  /** Reads a URL; empty if it leads to no database the server knows. */
  public static Optional<DatabaseUrl> of(String url) {
    if (url.startsWith("jdbc:h2:")) {
      return Optional.of(new DatabaseUrl(Kind.H2, url));
    }
    if (url.startsWith("jdbc:postgresql:")) {
      return Optional.of(new DatabaseUrl(Kind.POSTGRESQL, url));
    }
    return Optional.empty();
  }

  /**
   * An H2 file in this directory. H2 is told not to close it from a shutdown hook of its own, which
   * would race with the last records, and to have on disk what is committed: by default a crash
   * takes the last half second with it.
   */
  static DatabaseUrl fileIn(Path directory) {
    return new DatabaseUrl(
        Kind.H2,
        "jdbc:h2:file:" + directory.resolve("bradawl") + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
  }

  /** The URL up to its parameters, which may hold a password. */
  String withoutParameters() {
    return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
  }
}
