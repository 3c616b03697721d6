package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher's manners. */
class CommandLineTest {

  private static Program.Result bradawl(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Checkout.ROOT.resolve("bradawl").toString()));
    command.addAll(List.of(arguments));
    return Program.run(Duration.ofSeconds(30), command.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h"})
  void helpListsTheCommands(String argument) {
    Program.Result help = bradawl(argument);

    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).contains("serve", "test", "bench", "key", "format");
  }

  @Test
  void withoutACommandItHelps() {
    assertThat(bradawl().output()).contains("usage: ./bradawl COMMAND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "test", "bench", "key", "format"})
  void everyCommandExplainsItself(String command) {
    Program.Result help = bradawl(command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).startsWith("usage: ./bradawl " + command);
  }

  @Test
  void anUnknownCommandIsWrongUse() {
    Program.Result result = bradawl("frobnicate");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("unknown command 'frobnicate'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--sett", "--set", "--config", "--set=novalue"})
  void wrongOptionsOfServeAreWrongUse(String option) {
    assertThat(bradawl("serve", option).exitCode()).isEqualTo(2);
  }

  @Test
  void aConfigurationFileThatIsMissingIsWrongUse() {
    Program.Result result = bradawl("serve", "--config", "/nowhere/bradawl.properties");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("/nowhere/bradawl.properties");
  }

  @Test
  void anUnknownBenchmarkIsWrongUse() {
    assertThat(bradawl("bench", "../../bradawl").exitCode()).isEqualTo(2);
  }
}
