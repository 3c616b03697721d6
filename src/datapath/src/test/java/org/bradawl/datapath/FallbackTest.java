package org.bradawl.datapath;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.bradawl.datapath.linux.LinuxEngine;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is not to be had is done without, and said once. */
@Timeout(60)
class FallbackTest {

  private static final String OBSTACLE = "the linux engine does not run here: ";

  /** As with the standalone relay, started without leave to call the system. */
  @Test
  void withoutNativeAccessThePortableEngineServes() throws Exception {
    String output = startAndStop("--illegal-native-access=deny");

    assertThat(output).contains("engine portable").containsOnlyOnce(OBSTACLE);
  }

  @Test
  void withNativeAccessTheLinuxEngineServes() throws Exception {
    Requires.that(new LinuxEngine().obstacle().isEmpty(), "needs Linux on x86-64 or aarch64");
    String output = startAndStop("--enable-native-access=ALL-UNNAMED");

    assertThat(output).contains("engine linux").doesNotContain(OBSTACLE);
  }

  @Test
  void withoutRunsItSaysSoOnce() {
    LinuxEngine engine = LinuxEngine.withoutRuns();
    Requires.that(engine.obstacle().isEmpty(), "needs Linux on x86-64 or aarch64");
    List<String> said = new ArrayList<>();
    Handler ear = ear(said);
    Logger logger = Logger.getLogger(LinuxEngine.class.getName());
    logger.addHandler(ear);
    try (TestRelay relay = TestRelay.start(engine, "bradawl.engine.shards=2")) {
      assertThat(relay.datapath().engine()).isEqualTo("linux");
    } finally {
      logger.removeHandler(ear);
    }

    assertThat(said).filteredOn(line -> line.contains("one by one")).hasSize(1);
  }

  private static Handler ear(List<String> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        said.add(record.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /** What the relay prints up to its ready line. */
  private static String startAndStop(String option) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            option,
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    for (Map.Entry<String, String> entry : TestRelay.values().entrySet()) {
      String variable = entry.getKey().toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_");
      builder.environment().put(variable, entry.getValue());
    }
    Process process = builder.redirectErrorStream(true).start();
    StringBuilder output = new StringBuilder();
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      String line = reader.readLine();
      while (line != null && output.indexOf("relay ready") < 0) {
        output.append(line).append('\n');
        line = output.indexOf("relay ready") < 0 ? reader.readLine() : null;
      }
    } finally {
      process.destroy();
      process.waitFor();
    }
    return output.toString();
  }
}
