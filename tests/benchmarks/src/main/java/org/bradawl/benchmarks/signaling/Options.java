package org.bradawl.benchmarks.signaling;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options of the form {@code --name value}. */
record Options(Map<String, String> values) {

  private static final Set<String> KNOWN =
      Set.of(
          "root",
          "peers",
          "rates",
          "seconds",
          "warmup",
          "rounds",
          "only",
          "peer",
          "server-core",
          "generator-core",
          "json",
          "attach",
          "acknowledge",
          "pid",
          "key");

  static Options of(String[] arguments) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (!KNOWN.contains(name) || i + 1 == arguments.length) {
        throw new IllegalArgumentException("unknown, or without its value: " + arguments[i]);
      }
      values.put(name, arguments[i + 1]);
    }
    return new Options(Map.copyOf(values));
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

  List<Integer> numbers(String name, List<Integer> otherwise) {
    return text(name)
        .map(list -> Arrays.stream(list.split(",", -1)).map(Integer::parseInt).toList())
        .orElse(otherwise);
  }
}
