package org.bradawl.server.platform.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads keys one by one and collects what is wrong with them, so that an operator is told
 * everything at once. A wrong value reads as its default, and is never repeated: it may be a
 * secret.
 */
final class ConfigurationReader {

  private final Function<String, Optional<String>> lookup;
  private final List<String> problems = new ArrayList<>();

  ConfigurationReader(Function<String, Optional<String>> lookup) {
    this.lookup = lookup;
  }

  /** The value of a key, without blanks around it. */
  Optional<String> text(String key) {
    return lookup.apply(key).map(String::strip).filter(value -> !value.isEmpty());
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

  void wrong(String key, String problem, String remedy) {
    problems.add(key + " " + problem + ". " + remedy);
  }

  /** Adds what somebody else found. */
  void wrong(String line) {
    problems.add(line);
  }

  /** The value of a key as it is. */
  Optional<String> raw(String key) {
    return lookup.apply(key);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }
}
