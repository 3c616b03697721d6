package org.bradawl.stun;

import java.text.Normalizer;
import java.util.Optional;

/**
 * How names, realms and passwords are made comparable: the OpaqueString profile of PRECIS (RFC 8265
 * §4.2, over the FreeformClass of RFC 8264 §4.3).
 */
public final class OpaqueString {

  private OpaqueString() {}

  /**
   * {@code text} with every space as U+0020 and in normalization form C, or empty if the profile
   * forbids it: it has no characters, or control characters, invisible or unassigned ones, or
   * others that do not belong into what people type.
   */
  public static Optional<String> prepare(String text) {
    if (text.isEmpty() || !text.codePoints().allMatch(OpaqueString::allowed)) {
      return Optional.empty();
    }
    StringBuilder mapped = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    return Optional.of(Normalizer.normalize(mapped, Normalizer.Form.NFC));
  }

  private static boolean allowed(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.UNASSIGNED,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> !oldHangulJamo(c);
    };
  }

  private static boolean oldHangulJamo(int c) {
    return within(c, 0x1100, 0x11ff) || within(c, 0xa960, 0xa97c) || within(c, 0xd7b0, 0xd7fb);
  }

  private static boolean within(int c, int first, int last) {
    return c >= first && c <= last;
  }
}
