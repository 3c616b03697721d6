package org.bradawl.server.platform.control;

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

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException if it leads to no database the server knows
   */
  public static DatabaseUrl of(String url) {
    if (url.startsWith("jdbc:h2:")) {
      return new DatabaseUrl(Kind.H2, url);
    }
    if (url.startsWith("jdbc:postgresql:")) {
      return new DatabaseUrl(Kind.POSTGRESQL, url);
    }
    throw new IllegalArgumentException("neither jdbc:h2: nor jdbc:postgresql:");
  }
}
