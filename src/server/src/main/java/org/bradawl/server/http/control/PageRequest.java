package org.bradawl.server.http.control;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which page a caller wants. The cursor is text that callers hand back unread, so that what it says
 * may change; today it is the number of items before the page.
 *
 * @param offset how many items lie before the page
 * @param limit how many items it has at most
 */
public record PageRequest(int offset, int limit) {

  /** How many items a page has when the caller does not say. */
  public static final int DEFAULT_LIMIT = 50;

  /** The longest page. */
  public static final int MAX_LIMIT = 500;

  /** Deeper, a database counts through too many rows; filters lead there sooner. */
  private static final int MAX_OFFSET = 1_000_000;

  private static final String MARK = "offset:";
  private static final int MAX_CURSOR_LENGTH = 64;

  /** The cursor of the page after this one; null if there is none. */
  public @Nullable String next(long total) {
    int following = offset + limit;
    return following < total && following <= MAX_OFFSET ? cursor(following) : null;
  }

  /** The offset in a cursor; empty if it is none of ours. */
  public static Optional<Integer> offsetOf(String cursor) {
    if (cursor.length() > MAX_CURSOR_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int offset = text.startsWith(MARK) ? Integer.parseInt(text.substring(MARK.length())) : -1;
      return offset >= 0 && offset <= MAX_OFFSET ? Optional.of(offset) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String cursor(int offset) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((MARK + offset).getBytes(StandardCharsets.ISO_8859_1));
  }
}
