package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {

  @Test
  void textGoesThereAndBack() {
    for (String text : new String[] {"", "plain", "größer", "日本", "a\ud83d\ude00b"}) {
      assertThat(Bytes.utf8(text).from(0).utf8()).contains(text);
    }
    assertThat(Bytes.utf8("é\ud83d\ude00")).isEqualTo(Bytes.hex("c3a9 f09f9880"));
  }

  @Test
  void halfASurrogatePairHasNoBytes() {
    for (String text : new String[] {"a\ud83d", "\ude00b", "\ude00\ud83d"}) {
      assertThatThrownBy(() -> Bytes.utf8(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsNoTextIsNone() {
    assertThat(Bytes.hex("61 c3").utf8()).isEmpty();
    assertThat(Bytes.hex("ff").utf8()).isEmpty();
    assertThat(Bytes.hex("eda0bd").utf8()).as("half a surrogate pair").isEmpty();
    assertThat(Bytes.hex("c3 61 62 c3").slice(1, 2).utf8()).contains("ab");
  }
}
