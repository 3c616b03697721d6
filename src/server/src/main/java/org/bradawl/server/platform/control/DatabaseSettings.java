package org.bradawl.server.platform.control;

/**
 * Where the database is.
 *
 * @param url its URL
 * @param user the user name, empty where none is needed
 * @param password the password, empty where none is needed
 */
public record DatabaseSettings(DatabaseUrl url, String user, String password) {

  /** Leaves the password out, and the URL's parameters, which may hold one. */
  @Override
  public String toString() {
    return url.withoutParameters() + (user.isEmpty() ? "" : " as " + user);
  }
}
