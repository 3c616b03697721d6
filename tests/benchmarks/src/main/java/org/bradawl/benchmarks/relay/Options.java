package org.bradawl.benchmarks.relay;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Options of the form {@code --name value}, and a few that stand alone. */
record Options(Map<String, String> values, Set<String> flags) {

  private static final Set<String> FLAGS = Set.of("quick", "list");
  private static final Set<String> VALUES =
      Set.of(
          "root",
          "server",
          "coturn",
          "rounds",
          "only",
          "seconds",
          "warmup",
          "heat",
          "server-core",
          "generator-core",
          "pid",
          "user",
          "java-options",
          "write");

  static Options of(String[] arguments) {
    Map<String, String> values = new HashMap<>();
    Set<String> flags = new HashSet<>();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (FLAGS.contains(name)) {
        flags.add(name);
      } else if (VALUES.contains(name) && i + 1 < arguments.length) {
        values.put(name, arguments[++i]);
      } else {
        throw new IllegalArgumentException("unknown, or without its value: " + arguments[i]);
      }
    }
    return new Options(Map.copyOf(values), Set.copyOf(flags));
  }

  boolean has(String flag) {
    return flags.contains(flag);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Optional<Path> path(String name) {
    return text(name).map(Path::of);
  }

  int number(String name, int otherwise) {
    return text(name).map(Integer::parseInt).orElse(otherwise);
  }

  double seconds(String name, double otherwise) {
    return text(name).map(Double::parseDouble).orElse(otherwise);
  }

  List<String> list(String name, String otherwise) {
    return List.of(text(name).orElse(otherwise).split(",", -1));
  }

  /** The cells asked for. */
  List<Cell> cells() {
    return Cell.matrix().stream()
        .filter(cell -> has("quick") ? Cell.isQuick(cell) : true)
        .filter(cell -> text("only").map(names -> names(names, cell.name())).orElse(true))
        .toList();
  }

  /** Whether one of the patterns, in which * stands for anything, means this name. */
  private static boolean names(String patterns, String name) {
    return Arrays.stream(patterns.split(",", -1))
        .map(pattern -> Pattern.quote(pattern).replace("*", "\\E.*\\Q"))
        .anyMatch(pattern -> name.matches(pattern));
  }
}
