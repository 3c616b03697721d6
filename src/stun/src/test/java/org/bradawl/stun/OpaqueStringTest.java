package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OpaqueStringTest {

  static Stream<Arguments> prepared() {
    return Stream.of(
        // RFC 8265 §4.3, examples of strings that conform.
        arguments("correct horse battery staple", "correct horse battery staple"),
        arguments("Correct Horse Battery Staple", "Correct Horse Battery Staple"),
        arguments("πßå", "πßå"),
        arguments("Jack of ♦s", "Jack of ♦s"),
        arguments("foo\u1680bar", "foo bar"),
        arguments("a\u00a0b\u3000c", "a b c"),
        // Normalization form C: composed, but compatibility characters stay.
        arguments("e\u0301", "\u00e9"),
        arguments("\u212b", "\u00e5".toUpperCase(java.util.Locale.ROOT)),
        arguments("\ufb01\u2168", "\ufb01\u2168"),
        arguments("😀", "😀"),
        // Characters that are right in their context (RFC 5892 appendix A).
        arguments("l\u00b7l", "l\u00b7l"),
        arguments("\u0375\u03b1", "\u0375\u03b1"),
        arguments("\u05d0\u05f3", "\u05d0\u05f3"),
        arguments("\u30fb\u30a2", "\u30fb\u30a2"),
        arguments("\u0661\u0662", "\u0661\u0662"),
        arguments("\u06f1\u06f2", "\u06f1\u06f2"));
  }

  @ParameterizedTest
  @MethodSource("prepared")
  void makesTextComparable(String text, String prepared) {
    assertThat(OpaqueString.prepare(text)).isEqualTo(Optional.of(prepared));
    assertThat(OpaqueString.prepare(prepared)).isEqualTo(Optional.of(prepared));
  }

  static Stream<String> refused() {
    return Stream.of(
        "",
        "my cat is a \tby", // RFC 8265 §4.3, with a tab
        "a\u0000b",
        "a\nb",
        "a\u007f",
        "a\u0085",
        "soft\u00adhyphen",
        "zero\u200bwidth",
        "\u200cjoiner",
        "\u202ereversed",
        "\ufeffmark",
        "\u2028",
        "\u0378", // unassigned
        "\ue000", // private use
        "\ufffe",
        "\ud83d", // half a pair
        "\u1100", // old Hangul
        "\u3164",
        "a\ufe0f",
        "\u0640",
        "a\u00b7l",
        "\u0375a",
        "a\u05f3",
        "\u30fba",
        "\u0661\u06f1");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatCannotBeCompared(String text) {
    assertThat(OpaqueString.prepare(text)).isEmpty();
  }

  @Test
  void asciiStaysAsItIs() {
    StringBuilder ascii = new StringBuilder();
    for (char c = ' '; c < 0x7f; c++) {
      ascii.append(c);
    }
    assertThat(OpaqueString.prepare(ascii.toString())).contains(ascii.toString());
  }
}
