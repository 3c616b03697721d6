package org.bradawl.tests.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The table of differences that are explained, {@code src/DIFFERENCES.md}: what was said, what
 * Bradawl answers, what coturn answers, and why. In the first three {@code *} stands for anything.
 */
final class Differences {

  /** A row; the last columns are for people. */
  record Row(Pattern said, Pattern ours, Pattern theirs, String line) {

    boolean explains(String what, String our, String their) {
      return said.matcher(what).matches()
          && ours.matcher(our).matches()
          && theirs.matcher(their).matches();
    }
  }

  private Differences() {}

  static List<Row> read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static List<Row> parse(String text) {
    List<Row> rows = new ArrayList<>();
    for (String line : text.lines().filter(line -> line.startsWith("| `")).toList()) {
      List<String> cells =
          Arrays.stream(line.substring(1).split("\\|", -1)).map(String::trim).toList();
      if (cells.size() < 6 || cells.get(3).isEmpty() || cells.get(4).isEmpty()) {
        throw new IllegalArgumentException("a difference without an explanation: " + line);
      }
      rows.add(new Row(glob(cells.get(0)), glob(cells.get(1)), glob(cells.get(2)), line));
    }
    return rows;
  }

  private static Pattern glob(String cell) {
    String[] alternatives = cell.split("` or `", -1);
    StringBuilder pattern = new StringBuilder();
    for (String alternative : alternatives) {
      String text = alternative.replace("`", "");
      pattern.append(pattern.isEmpty() ? "" : "|");
      pattern.append(
          String.join(".*", Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).toList()));
    }
    return Pattern.compile(pattern.toString());
  }
}
