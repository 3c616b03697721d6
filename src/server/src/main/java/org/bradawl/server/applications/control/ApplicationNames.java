package org.bradawl.server.applications.control;

/**
 * The shape of application names: 1 to 64 characters of {@code A-Z a-z 0-9 . _ ~ -}. They stand in
 * front of a slash in the user names of relay sessions, and in paths.
 */
public final class ApplicationNames {

  /** The rule as a regular expression, for documents and schemas. */
  public static final String PATTERN = "^[A-Za-z0-9._~-]{1,64}$";

  /** The rule in words, to end an error message with. */
  public static final String RULE = "1 to 64 characters of A-Z a-z 0-9 . _ ~ -";

  private static final int MAX_LENGTH = 64;

  private ApplicationNames() {}

  /** Whether {@code text} is an application name. */
  public static boolean isValid(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_LENGTH
        && text.chars().allMatch(ApplicationNames::isAllowed);
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "._~-".indexOf(c) >= 0;
  }
}
