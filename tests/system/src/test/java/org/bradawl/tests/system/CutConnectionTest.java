package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.Program;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two agents whose way to the server breaks, at each frame in turn once a host has been welcomed,
 * on the one side and on the other: they come together all the same.
 */
@Tag("slow")
class CutConnectionTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Path JAR =
      Checkout.ROOT.resolve("src/cli/target/bradawl/bradawl-agent.jar").toAbsolutePath();

  /** From within the introduction to the end of the traversal. */
  static List<Integer> frames() {
    List<Integer> frames = new ArrayList<>();
    for (int frame = 2; frame <= 22; frame++) {
      frames.add(frame);
    }
    return frames;
  }

  private static Program agent(URI server, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return Program.start(
        Map.of("BRADAWL_SERVER", server.toString(), "BRADAWL_TOKEN", RunningServer.CHAT_KEY),
        command);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void theSideThatAsksIsCutOff(int frame) throws IOException {
    URI server = RunningServer.get().address();
    String name = "asked-" + frame;
    try (CuttingProxy proxy = new CuttingProxy(server, frame);
        Program listening = agent(server, "listen", "--id", name)) {
      listening.waitForLine(PATIENCE, line -> line.contains("listening as"));
      connects(proxy.address(), name);
    }
  }

  @ParameterizedTest
  @MethodSource("frames")
  void theSideThatIsAskedIsCutOff(int frame) throws IOException {
    URI server = RunningServer.get().address();
    String name = "cut-off-" + frame;
    try (CuttingProxy proxy = new CuttingProxy(server, frame);
        Program listening = agent(proxy.address(), "listen", "--id", name)) {
      listening.waitForLine(PATIENCE, line -> line.contains("listening as"));
      connects(server, name);
    }
  }

  private static void connects(URI server, String name) {
    try (Program asking = agent(server, "connect", name, "--probe", "--json")) {
      Program.Result result = asking.waitForEnd(PATIENCE);
      assertThat(result.exitCode()).as(result.output()).isZero();
      assertThat(result.output()).contains("\"connected\"");
    }
  }
}
