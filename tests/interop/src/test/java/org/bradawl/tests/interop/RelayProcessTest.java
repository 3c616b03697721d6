package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.bradawl.tests.support.Program;
import org.junit.jupiter.api.Test;

/** The relay as a program: its ready line, its end, and what it says when it cannot start. */
class RelayProcessTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void itSaysWhenItIsReadyAndEndsCleanlyOnSigterm() {
    try (RelayProcess relay = RelayProcess.start(Map.of())) {
      assertThat(relay.readyLine())
          .contains("stun:127.0.0.1:" + relay.port())
          .contains("turn:[::1]:" + relay.port() + "?transport=tcp");

      relay.program().terminate();

      assertThat(relay.program().waitForEnd(LIMIT).exitCode()).isZero();
    }
  }

  @Test
  void itReadsTheEnvironmentAndNamesWhatIsWrong() {
    try (Program program =
        Program.start(Map.of("BRADAWL_LISTEN_PORT", "none"), RelayProcess.command(Map.of()))) {
      Program.Result result = program.waitForEnd(LIMIT);

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.output()).contains("bradawl.listen.port").contains("1 to 65535");
    }
  }

  @Test
  void aSecondOneOnTheSamePortIsRefused() {
    try (RelayProcess relay = RelayProcess.start(Map.of());
        Program second =
            Program.start(
                Map.of(),
                RelayProcess.command(
                    Map.of(
                        "bradawl.listen.address",
                        "127.0.0.1",
                        "bradawl.listen.port",
                        Integer.toString(relay.port()))))) {
      Program.Result result = second.waitForEnd(LIMIT);

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.output())
          .contains("bradawl.listen.port")
          .contains("127.0.0.1")
          .contains(Integer.toString(relay.port()))
          .contains("ss -lunpt");
    }
  }
}
