package org.bradawl.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Where and with which versions something was measured. */
final class Machine {

  private Machine() {}

  static String description(Optional<Path> coturn) throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    text.append(LocalDate.now(ZoneOffset.UTC)).append(": ");
    text.append(processors());
    text.append(", Linux ").append(System.getProperty("os.version"));
    text.append(", Java ").append(Runtime.version());
    if (coturn.isPresent()) {
      String version = Programs.output(coturn.get().toString(), "--version");
      text.append(", coturn ").append(version.lines().reduce("", (_, last) -> last));
    }
    return text.append(".\n").toString();
  }

  private static String processors() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.exists(file)) {
      return System.getProperty("os.arch");
    }
    List<String> models =
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .toList();
    return models.isEmpty()
        ? System.getProperty("os.arch")
        : models.size() + " × " + models.getFirst();
  }
}
