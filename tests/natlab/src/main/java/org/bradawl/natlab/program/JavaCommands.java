package org.bradawl.natlab.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Command lines of the project's own programs. */
public final class JavaCommands {

  private JavaCommands() {}

  /** A program out of the classes that this one runs with. */
  public static List<String> program(String mainClass, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), mainClass));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /**
   * The agent: as the launcher starts it where the launcher has built it, and otherwise out of the
   * classes that this program runs with.
   */
  public static List<String> agent(String... arguments) {
    Optional<Path> built =
        Optional.ofNullable(System.getProperty("bradawl.lab.agent"))
            .map(Path::of)
            .filter(Files::exists);
    if (built.isEmpty()) {
      // It lives for a second: nothing that the optimising compiler does would pay.
      return program("org.bradawl.cli.Main", List.of("-XX:TieredStopAtLevel=1"), arguments);
    }
    List<String> command = new ArrayList<>(List.of(java()));
    Optional.ofNullable(System.getProperty("bradawl.lab.archive"))
        .filter(archive -> Files.exists(Path.of(archive)))
        .ifPresent(archive -> command.add("-XX:AOTCache=" + archive));
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr", "-XX:+UseSerialGC", "-jar"));
    command.add(built.get().toString());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String classPath() {
    return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
        .orElseGet(() -> System.getProperty("java.class.path"));
  }
}
