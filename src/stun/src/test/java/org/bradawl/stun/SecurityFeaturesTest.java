package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityFeaturesTest {

  @ParameterizedTest
  @CsvSource({
    "false, false, obMatJos2AAAA",
    "true, false, obMatJos2AAAB",
    "false, true, obMatJos2AAAC",
    "true, true, obMatJos2AAAD"
  })
  void goBothWays(boolean passwordAlgorithms, boolean usernameAnonymity, String prefix) {
    SecurityFeatures features = new SecurityFeatures(passwordAlgorithms, usernameAnonymity);
    assertThat(features.noncePrefix()).isEqualTo(prefix);
    assertThat(SecurityFeatures.of(prefix + "rest")).contains(features);
    assertThat(SecurityFeatures.of(prefix)).contains(features);
  }

  @Test
  void bitsThatNobodyKnowsAreIgnored() {
    assertThat(SecurityFeatures.of("obMatJos2////")).contains(new SecurityFeatures(true, true));
    assertThat(SecurityFeatures.of("obMatJos2gAAA")).contains(new SecurityFeatures(false, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "f//499k954d6OL34oL9FSTvy64sA",
        "obMatJos2",
        "obMatJos2AAA",
        "obMatJos2AA=A",
        "ObMatJos2AAAA"
      })
  void aNonceWithoutThemIsOneOfRfc5389(String nonce) {
    assertThat(SecurityFeatures.of(nonce)).isEmpty();
  }
}
