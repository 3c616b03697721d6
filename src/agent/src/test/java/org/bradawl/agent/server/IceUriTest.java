package org.bradawl.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.OptionalInt;
import org.bradawl.agent.server.IceUri.Scheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IceUriTest {

  /** Like the examples in the appendices of RFC 7064 and RFC 7065, each read and written back. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "stun:example.org",
        "stuns:example.org",
        "stun:example.org:8000",
        "turn:example.org",
        "turns:example.org",
        "turn:example.org:8000",
        "turn:example.org?transport=udp",
        "turns:example.org?transport=tcp",
        "turn:192.0.2.1:3478?transport=tcp",
        "stun:[2001:db8::1]:3478"
      })
  void theExamplesOfTheRfcs(String text) {
    assertThat(IceUri.parse(text)).hasToString(text);
  }

  @Test
  void itsParts() {
    assertThat(IceUri.parse("TURNS:[2001:DB8::1]:5349?transport=TCP"))
        .isEqualTo(
            new IceUri(Scheme.TURNS, "2001:db8::1", OptionalInt.of(5349), Optional.of("tcp")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stun://example.org",
        "stun:example.org?transport=udp",
        "turn:example.org?transport=sctp",
        "stun:example.org:0",
        "stun:example.org:65536",
        "stun:[192.0.2.1]x",
        "stun:user@example.org",
        "http://example.org",
        "stun:"
      })
  void whatIsNone(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> IceUri.parse(text));
  }
}
