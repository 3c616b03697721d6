package org.bradawl.server.platform.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Reads keys one by one and collects what is wrong with them, so that an operator is told
 * everything at once. A wrong value reads as its default, and is never repeated: it may be a
 * secret.
 */
final class ConfigurationReader {

  private static final String OURS = "bradawl.";

  private final Function<String, Optional<String>> lookup;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> read = new TreeSet<>();

  ConfigurationReader(Function<String, Optional<String>> lookup) {
    this.lookup = lookup;
  }

  /** The value of a key, without blanks around it. */
  Optional<String> text(String key) {
    return raw(key).map(String::strip).filter(value -> !value.isEmpty());
  }

  String text(String key, String otherwise) {
    return text(key).orElse(otherwise);
  }

  int number(String key, int otherwise, int min, int max) {
    Optional<String> given = text(key);
    if (given.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(given.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // told below, like a number out of range
    }
    wrong(
        key,
        "is not a number from %d to %d".formatted(min, max),
        "Give one, or leave it out for %d.".formatted(otherwise));
    return otherwise;
  }

  /** Entries separated by commas. */
  List<String> list(String key) {
    return text(key).stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .toList();
  }

  /** Finds fault with every name of ours that was not read. */
  void refuseUnread(Iterable<String> names) {
    for (String name : names) {
      if (name.startsWith(OURS) && !read.contains(name)) {
        wrong(
            name,
            "is no key of this server",
            read.stream()
                .min(Comparator.comparingInt(key -> distance(key, name)))
                .map("Did you mean %s?"::formatted)
                .orElse("Leave it out."));
      }
    }
  }

  /** How many letters must be added, taken away or changed to get from one to the other. */
  private static int distance(String from, String to) {
    int[] row = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }

  void wrong(String key, String problem, String remedy) {
    problems.add(key + " " + problem + ". " + remedy);
  }

  /** Adds what somebody else found. */
  void wrong(String line) {
    problems.add(line);
  }

  /** The value of a key as it is. */
  Optional<String> raw(String key) {
    read.add(key);
    return lookup.apply(key);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }
}
