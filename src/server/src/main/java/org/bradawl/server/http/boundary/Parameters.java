package org.bradawl.server.http.boundary;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.applications.control.ApplicationNames;
import org.bradawl.server.credentials.control.PeerIds;
import org.bradawl.server.http.control.PageRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads query parameters and path segments. They arrive as text, so that every wrong one gets an
 * answer that says what would be right. An empty parameter counts as absent.
 */
public final class Parameters {

  private static final int MAX_WORD_LENGTH = 64;

  private Parameters() {}

  /** {@code ?limit=} and {@code ?cursor=}. */
  public static PageRequest page(@Nullable String limit, @Nullable String cursor) {
    return new PageRequest(offset(cursor), limit(limit));
  }

  /** A peer id; empty if absent. */
  public static String peer(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    if (!PeerIds.isValid(text)) {
      throw Problem.invalid(name, "must have " + PeerIds.RULE).exception();
    }
    return text;
  }

  /** An application name; empty if absent. */
  public static String application(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    if (!ApplicationNames.isValid(text)) {
      throw Problem.invalid("application", "must have " + ApplicationNames.RULE).exception();
    }
    return text;
  }

  /** A short word like a kind of path; empty if absent. */
  public static String word(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    if (text.length() > MAX_WORD_LENGTH || !text.chars().allMatch(Parameters::isWord)) {
      throw Problem.invalid(
              name, "must be one word of at most " + MAX_WORD_LENGTH + " letters, digits and -")
          .exception();
    }
    return text;
  }

  /** {@code true} or {@code false}; null if absent. */
  public static @Nullable Boolean flag(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Problem.invalid(name, "must be true or false").exception();
    };
  }

  /** A moment like {@code 2026-01-01T00:00:00Z}; null if absent. */
  public static @Nullable Instant moment(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      Instant moment = Instant.parse(text);
      // Databases take no years of ten digits.
      if (moment.isAfter(Instant.EPOCH) && moment.isBefore(Instant.parse("9999-01-01T00:00:00Z"))) {
        return moment;
      }
    } catch (DateTimeException e) {
      // Answered below, like a moment out of range.
    }
    throw Problem.invalid(name, "must be a moment in UTC like 2026-01-01T00:00:00Z").exception();
  }

  /** A UUID in a path; a text that is none belongs to nothing, so the answer is 404. */
  public static UUID uuid(String text, String what) {
    return tryUuid(text).orElseThrow(() -> notFound("There is no " + what + " with this id."));
  }

  /** The UUID with this text, in its one canonical form. */
  public static Optional<UUID> tryUuid(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equalsIgnoreCase(text) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A 404 that says what is not there. */
  public static ProblemException notFound(String detail) {
    return Problem.of(ProblemType.NOT_FOUND, detail).exception();
  }

  /** What a caller sent, cut to where it can do no harm in a message. */
  public static String shown(String text) {
    String clean =
        text.codePoints()
            .filter(c -> !Character.isISOControl(c))
            .limit(MAX_WORD_LENGTH)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return clean.length() < text.length() ? clean + "…" : clean;
  }

  private static int limit(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return PageRequest.DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= PageRequest.MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a number out of range.
    }
    throw Problem.invalid("limit", "must be a whole number from 1 to " + PageRequest.MAX_LIMIT)
        .exception();
  }

  private static int offset(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return 0;
    }
    return PageRequest.offsetOf(cursor)
        .orElseThrow(() ->
            Problem.invalid("cursor", "must be the \"next\" of a page that this server sent")
                .exception());
  }

  private static boolean isWord(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  }
}
