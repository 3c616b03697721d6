package org.bradawl.stun;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Optional;

/**
 * How names, realms and passwords are made comparable: the OpaqueString profile of PRECIS (RFC 8265
 * §4.2) over the FreeformClass (RFC 8264 §4.3). The zero-width joiners are refused everywhere,
 * although some Indic and Arabic contexts would allow them: Java does not tell joining types.
 */
public final class OpaqueString {

  private OpaqueString() {}

  /**
   * {@code text} with every space as U+0020 and in normalization form C, or empty if the profile
   * forbids it: it has no characters, or some that are unassigned, invisible, of control, or out of
   * their context. Preparing what is prepared changes nothing.
   */
  public static Optional<String> prepare(String text) {
    int[] points = text.codePoints().toArray();
    StringBuilder mapped = new StringBuilder(text.length());
    for (int i = 0; i < points.length; i++) {
      if (!allowed(points, i)) {
        return Optional.empty();
      }
      boolean space = Character.getType(points[i]) == Character.SPACE_SEPARATOR;
      mapped.appendCodePoint(space ? ' ' : points[i]);
    }
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(Normalizer.normalize(mapped, Normalizer.Form.NFC));
  }

  /** RFC 8264 §8, with the exceptions of RFC 5892 §2.6. */
  private static boolean allowed(int[] points, int index) {
    int c = points[index];
    return switch (c) {
      case 0x0640, 0x07fa, 0x302e, 0x302f, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303b -> false;
      case 0x00b7, 0x0375, 0x05f3, 0x05f4, 0x30fb -> inContext(points, index);
      default ->
          !ignorable(c) && !oldHangulJamo(c) && allowedType(c) && !mixedArabicDigit(points, c);
    };
  }

  private static boolean allowedType(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.UNASSIGNED,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** RFC 5892 §A.3 to §A.7: punctuation that belongs to one script. */
  private static boolean inContext(int[] points, int index) {
    return switch (points[index]) {
      case 0x00b7 -> at(points, index - 1) == 'l' && at(points, index + 1) == 'l';
      case 0x0375 -> script(at(points, index + 1)) == UnicodeScript.GREEK;
      case 0x05f3, 0x05f4 -> script(at(points, index - 1)) == UnicodeScript.HEBREW;
      default -> containsJapanese(points);
    };
  }

  private static boolean containsJapanese(int[] points) {
    for (int c : points) {
      switch (script(c)) {
        case HIRAGANA, KATAKANA, HAN -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }

  /** RFC 5892 §A.8 and §A.9: the two sets of Arabic digits look alike and do not mix. */
  private static boolean mixedArabicDigit(int[] points, int c) {
    boolean arabicIndic = within(c, 0x0660, 0x0669);
    boolean extended = within(c, 0x06f0, 0x06f9);
    for (int other : points) {
      if ((arabicIndic && within(other, 0x06f0, 0x06f9))
          || (extended && within(other, 0x0660, 0x0669))) {
        return true;
      }
    }
    return false;
  }

  /** The Default_Ignorable_Code_Points that have another type than FORMAT or UNASSIGNED. */
  private static boolean ignorable(int c) {
    return c == 0x034f
        || c == 0x3164
        || c == 0xffa0
        || within(c, 0x17b4, 0x17b5)
        || within(c, 0x180b, 0x180f)
        || within(c, 0xfe00, 0xfe0f)
        || within(c, 0xe0100, 0xe01ef);
  }

  /** Parts of syllables that have a code point of their own today (RFC 5892 §2.9). */
  private static boolean oldHangulJamo(int c) {
    return within(c, 0x1100, 0x11ff) || within(c, 0xa960, 0xa97c) || within(c, 0xd7b0, 0xd7fb);
  }

  private static UnicodeScript script(int c) {
    return c < 0 ? UnicodeScript.UNKNOWN : UnicodeScript.of(c);
  }

  private static int at(int[] points, int index) {
    return index >= 0 && index < points.length ? points[index] : -1;
  }

  private static boolean within(int c, int first, int last) {
    return c >= first && c <= last;
  }
}
