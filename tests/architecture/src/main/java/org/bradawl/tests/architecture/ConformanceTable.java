package org.bradawl.tests.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table of requirements and of the tests that show them, {@code src/CONFORMANCE.md}, held
 * against the sources of the tests.
 */
final class ConformanceTable {

  /** The project's format puts a method's head on a line of its own and a blank line before it. */
  private static final Pattern METHOD =
      Pattern.compile("(?m)^  (?:public |default )?void (\\w+)\\(");

  private static final Pattern ANNOTATION =
      Pattern.compile("(?m)^  @(?:Test|ParameterizedTest|RepeatedTest|FuzzTest)\\b");

  private static final Pattern NAMED = Pattern.compile("(\\w+)#(\\w+)");

  private static final Pattern EXCUSE = Pattern.compile("not (?:applicable|covered): \\S.{10,}");

  private ConformanceTable() {}

  /** What is wrong with the rows of {@code table}, in words; nothing, if all is well. */
  static List<String> problems(String table, Map<String, Set<String>> tests) {
    List<String> problems = new ArrayList<>();
    for (String line : table.lines().filter(ConformanceTable::isRow).toList()) {
      List<String> cells = cells(line);
      String row = cells.getFirst() + ": " + cells.get(cells.size() < 4 ? 0 : 1);
      String named = cells.get(cells.size() - 2);
      if (named.startsWith("not ")) {
        if (!EXCUSE.matcher(named).matches()) {
          problems.add(row + ": says neither a test nor why there is none");
        }
        continue;
      }
      for (String test : named.split(",", -1)) {
        Matcher matcher = NAMED.matcher(test.trim());
        if (!matcher.matches()) {
          problems.add(row + ": '" + test.trim() + "' is no Class#method");
        } else if (!tests.getOrDefault(matcher.group(1), Set.of()).contains(matcher.group(2))) {
          problems.add(row + ": there is no test " + test.trim());
        }
      }
    }
    return problems;
  }

  /** How many rows {@code table} has. */
  static long rows(String table) {
    return table.lines().filter(ConformanceTable::isRow).count();
  }

  /** The names of test methods by the simple names of their classes, found in the sources. */
  static Map<String, Set<String>> tests(Path root) {
    Map<String, Set<String>> tests = new HashMap<>();
    for (String folder : List.of("src", "tests")) {
      try (Stream<Path> files = Files.walk(root.resolve(folder))) {
        files.filter(ConformanceTable::isTestSource).forEach(file -> add(file, tests));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return tests;
  }

  private static boolean isTestSource(Path file) {
    return file.toString().endsWith(".java") && file.toString().contains("/src/test/java/");
  }

  private static void add(Path file, Map<String, Set<String>> tests) {
    String name = file.getFileName().toString().replace(".java", "");
    Set<String> methods = tests.computeIfAbsent(name, key -> new HashSet<>());
    try {
      String source = Files.readString(file);
      Matcher matcher = METHOD.matcher(source);
      while (matcher.find()) {
        int start = Math.max(0, source.lastIndexOf("\n\n", matcher.start()));
        if (ANNOTATION.matcher(source.substring(start, matcher.start())).find()) {
          methods.add(matcher.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line of a table that is neither its head nor the rule below it. */
  private static boolean isRow(String line) {
    return line.startsWith("|")
        && !line.startsWith("|---")
        && !line.startsWith("| § |")
        && !line.startsWith("| what |");
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
        .map(String::trim)
        .toList();
  }
}
