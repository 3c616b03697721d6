package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.bradawl.turn.auth.UserKeys;
import org.junit.jupiter.api.Test;

class UserKeyTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Computed with: printf user:realm:pass | md5sum, and sha256sum. */
  @Test
  void whatItPrintsIsWhatTheConfigurationTakes() throws IOException {
    assertThat(run("pass\n", "user", "realm")).isZero();
    String line = out.toString(StandardCharsets.UTF_8).strip();
    assertThat(line)
        .isEqualTo(
            "user:0x8493fbc53ba582fb4c044c456bdc40eb:"
                + "0x07e934117abd40836e7c6329b54731b2b2d2a5f9a71f544922d75e0730d8251b");
    Map<String, String> keys = Map.of("bradawl.turn.realm", "realm", "bradawl.turn.users", line);
    assertThat(DatapathSettings.from(key -> Optional.ofNullable(keys.get(key))).turn().users())
        .containsExactly(new TurnAccess.User("user", UserKeys.derive("user", "realm", "pass")));
  }

  @Test
  void aPasswordThatNobodyCanTypeIsRefused() throws IOException {
    assertThat(run("", "user", "realm")).isEqualTo(2);
    assertThat(run("a\u0000b\n", "user", "realm")).isEqualTo(2);
    assertThat(run("pass\n", "us:er", "realm")).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("bradawl: ")
        .doesNotContain("a\u0000");
  }

  private int run(String input, String... arguments) throws IOException {
    return UserKey.run(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        arguments);
  }
}
