package org.bradawl.server.platform.control;

/** Fits texts from outside into columns. */
public final class Text {

  private Text() {}

  /**
   * At most {@code length} characters of a text, without NUL, which PostgreSQL does not store, and
   * without half a surrogate pair at the end.
   */
  public static String fit(String text, int length) {
    String clean = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    if (clean.length() <= length) {
      return clean;
    }
    int end = Character.isHighSurrogate(clean.charAt(length - 1)) ? length - 1 : length;
    return clean.substring(0, end);
  }
}
