package org.bradawl.tests.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void outputAndExitCodeAreCaptured() {
    Program.Result result = Program.run(LIMIT, "sh", "-c", "echo out; echo err >&2; exit 3");

    assertThat(result).isEqualTo(new Program.Result(3, "out\nerr\n"));
  }

  @Test
  void aProgramThatTakesTooLongIsKilledAndItsOutputShown() {
    assertThatThrownBy(
            () -> Program.run(Duration.ofMillis(300), "sh", "-c", "echo begun; exec sleep 60"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("begun");
  }

  @Test
  void aLineIsWaitedForAndTheEnvironmentPassedOn() {
    List<String> command = List.of("sh", "-c", "echo one; echo two $BRADAWL_PROBE; exec sleep 60");
    try (Program program = Program.start(Map.of("BRADAWL_PROBE", "set"), command)) {
      assertThat(program.waitForLine(LIMIT, line -> line.startsWith("two"))).isEqualTo("two set");
      assertThat(program.running()).isTrue();
      program.terminate();
      assertThat(program.waitForEnd(LIMIT).exitCode()).isEqualTo(143);
    }
  }

  @Test
  void aLineThatNeverComesEndsTheWait() {
    try (Program program = Program.start("sh", "-c", "echo other")) {
      assertThatThrownBy(() -> program.waitForLine(LIMIT, line -> line.equals("wanted")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("other");
    }
  }
}
