package org.bradawl.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every input that was ever worth keeping, and then a look for new ones: a few seconds in a build,
 * as long as one likes with {@code ./bradawl fuzz}.
 */
class FuzzTest {

  /** How long each target is explored; with a number, what is found stays in the repository. */
  private static final String SECONDS = "bradawl.fuzz.seconds";

  private static final int SECONDS_IN_A_BUILD = 3;

  /** Starting the fuzzer, reading the corpus, a slow machine. */
  private static final Duration BESIDES = Duration.ofMinutes(2);

  private static final Path FOLDER =
      Path.of(Objects.requireNonNull(System.getenv("BRADAWL_ROOT")), "tests/fuzz");

  enum Target {
    DECODING(Decoding.class),
    FRAMING(Framing.class),
    SERVING(Serving.class);

    private final Class<?> type;

    Target(Class<?> type) {
      this.type = type;
    }

    String simpleName() {
      return type.getSimpleName();
    }

    /** Calls the target as the fuzzer does. */
    Consumer<byte[]> call() {
      return switch (this) {
        case DECODING -> Decoding::fuzzerTestOneInput;
        case FRAMING -> Framing::fuzzerTestOneInput;
        case SERVING -> Serving::fuzzerTestOneInput;
      };
    }

    /** What once crashed, and what once led somewhere new. */
    List<Path> inputs() throws IOException {
      List<Path> inputs = new ArrayList<>();
      for (String kind : List.of("crashes", "corpus")) {
        Path folder = FOLDER.resolve(kind).resolve(simpleName());
        if (Files.isDirectory(folder)) { // none has crashed yet, perhaps
          try (Stream<Path> files = Files.list(folder)) {
            files.sorted().forEach(inputs::add);
          }
        }
      }
      return inputs;
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void everyInputThatIsKeptIsFine(Target target) throws IOException {
    List<Path> inputs = target.inputs();
    assertThat(inputs).isNotEmpty();
    for (Path input : inputs) {
      try {
        target.call().accept(Files.readAllBytes(input));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("with " + input, e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void noNewInputBreaksIt(Target target, @TempDir Path scratch) throws IOException {
    Requires.linux();
    boolean keep = Integer.getInteger(SECONDS) != null;
    int seconds = Integer.getInteger(SECONDS, SECONDS_IN_A_BUILD);
    Path corpus = FOLDER.resolve("corpus").resolve(target.simpleName());
    Path crashes = keep ? FOLDER.resolve("crashes").resolve(target.simpleName()) : scratch;
    Path found = Files.createDirectories(scratch.resolve("found"));
    Files.createDirectories(crashes);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + Target.class.getPackageName() + "." + target.simpleName());
    command.add("--instrumentation_includes=org.bradawl.**");
    command.add("--reproducer_path=" + scratch);
    command.add("-artifact_prefix=" + crashes + "/");
    command.add("-max_total_time=" + seconds);
    command.add("-timeout=5");
    if (!keep) {
      command.add(found.toString()); // where new inputs go
    }
    command.add(corpus.toString());

    Program.Result result =
        Program.run(Duration.ofSeconds(seconds).plus(BESIDES), command.toArray(String[]::new));

    assertThat(result.output()).contains("INITED");
    assertThat(result.exitCode()).as(result.output()).isZero();
  }
}
