package org.bradawl.benchmarks.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Other programs of this machine. */
final class Programs {

  private Programs() {}

  /** A program on the PATH. */
  static Optional<Path> onPath(String program) {
    String path = System.getenv("PATH");
    return path == null
        ? Optional.empty()
        : Arrays.stream(path.split(File.pathSeparator))
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
  }

  /** What a program prints, without the end of the last line; empty if it does not run. */
  static String output(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      process.waitFor();
      return output;
    } catch (IOException e) {
      return "";
    }
  }
}
