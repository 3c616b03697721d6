package org.bradawl.signaling;

/** The names of peers and rooms: 1 to 64 characters of {@code [A-Za-z0-9._~@:-]}. */
public final class Names {

  /** Long enough for a UUID with a prefix, short enough to keep by the hundred thousand. */
  public static final int MAX_LENGTH = 64;

  private Names() {}

  /** Whether {@code text} may name a peer or a room. Such a name needs no escaping in JSON. */
  public static boolean valid(String text) {
    return valid(text, 0, text.length());
  }

  static boolean valid(String text, int from, int to) {
    if (to <= from || to - from > MAX_LENGTH) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (!allowed(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean allowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~'
        || c == '@'
        || c == ':';
  }
}
