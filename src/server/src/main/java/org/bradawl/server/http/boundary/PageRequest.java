package org.bradawl.server.http.boundary;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which page a caller wants: {@code ?limit=} and {@code ?cursor=}. The cursor names the last item
 * of the page before by its time and its id, so a page costs the same however deep it lies, and
 * items that arrive in between shift nothing.
 *
 * @param limit how many items at most
 * @param after the position after which the page begins; empty for the first page
 */
public record PageRequest(int limit, Optional<Position> after) {

  /** How many items a page has when the caller does not say. */
  public static final int DEFAULT_LIMIT = 50;

  /** The longest page. */
  public static final int MAX_LIMIT = 500;

  private static final int MAX_CURSOR_LENGTH = 512;

  /**
   * A place in a list that is ordered by time and then by id, both descending.
   *
   * @param time the item's time
   * @param id the item's id
   */
  public record Position(Instant time, String id) {

    /** The cursor that stands for this place. */
    public String cursor() {
      String text = time.getEpochSecond() + "." + time.getNano() + "|" + id;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Position> of(String cursor) {
      try {
        String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        int dot = text.indexOf('.');
        int bar = text.indexOf('|');
        if (dot < 1 || bar < dot) {
          return Optional.empty();
        }
        long seconds = Long.parseLong(text.substring(0, dot));
        int nanos = Integer.parseInt(text.substring(dot + 1, bar));
        return Optional.of(
            new Position(Instant.ofEpochSecond(seconds, nanos), text.substring(bar + 1)));
      } catch (IllegalArgumentException | DateTimeException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Reads both parameters.
   *
   * @throws ProblemException if one of them is wrong
   */
  public static PageRequest of(@Nullable String limit, @Nullable String cursor) {
    return new PageRequest(limit(limit), position(cursor));
  }

  private static int limit(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a number out of range.
    }
    throw Problem.invalid("limit", "must be a whole number from 1 to " + MAX_LIMIT).exception();
  }

  private static Optional<Position> position(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return Optional.empty();
    }
    Optional<Position> position =
        cursor.length() > MAX_CURSOR_LENGTH ? Optional.empty() : Position.of(cursor);
    if (position.isEmpty()) {
      throw Problem.invalid("cursor", "must be the \"next\" of a page that this server sent")
          .exception();
    }
    return position;
  }
}
