package org.bradawl.server.credentials.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "Alice",
        "alice@example.org",
        "a.b_c~d:e-9",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void goodOnes(String id) {
    assertThat(PeerIds.isValid(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a/b",
        "ä",
        "a\n",
        "a\u0000",
        "é",
        "a%20",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"
      })
  void badOnes(String id) {
    assertThat(PeerIds.isValid(id)).isFalse();
  }

  @Test
  void theRuleAndThePatternAgree() {
    Pattern pattern = Pattern.compile(PeerIds.PATTERN);
    for (char c = 0; c < 0x300; c++) {
      String id = "x" + c + "x";
      assertThat(PeerIds.isValid(id))
          .as("U+%04x", (int) c)
          .isEqualTo(pattern.matcher(id).matches());
    }
  }

  @Test
  void generatedOnesAreGoodAndDiffer() {
    SplittableRandom random = new SplittableRandom(1);
    String first = PeerIds.generate(random);

    assertThat(PeerIds.isValid(first)).isTrue();
    assertThat(PeerIds.generate(random)).isNotEqualTo(first);
  }
}
