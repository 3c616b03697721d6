package org.bradawl.natlab.pairs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.bradawl.natlab.world.LabNat;

/** The results of all pairs, in words and as a picture. */
public final class Matrix {

  private static final int CELL_WIDTH = 84;
  private static final int CELL_HEIGHT = 34;
  private static final int LEFT = 96;
  private static final int TOP = 64;

  private final String title;
  private final List<Optional<LabNat>> asking;
  private final List<Optional<LabNat>> asked;
  private final List<PairResult> results;

  /**
   * A matrix.
   *
   * @param results row by row
   */
  public Matrix(
      String title,
      List<Optional<LabNat>> asking,
      List<Optional<LabNat>> asked,
      List<PairResult> results) {
    this.title = title;
    this.asking = asking;
    this.asked = asked;
    this.results = results;
  }

  /** One result as a line. */
  public static String line(PairResult result) {
    return "%s -> %s: %s %s%s%s"
        .formatted(
            PairRun.name(result.asking()),
            PairRun.name(result.asked()),
            result.path(),
            time(result.firstByteMillis()),
            result.settledMillis().isPresent()
                ? ", settled after " + time(result.settledMillis())
                : "",
            result.why().isEmpty() ? "" : " (" + result.why() + ")");
  }

  private static String time(OptionalDouble millis) {
    return millis.isPresent() ? Math.round(millis.getAsDouble()) + " ms" : "";
  }

  /** The matrix and what follows from it. */
  public String markdown() {
    StringBuilder text = new StringBuilder("### " + title + "\n\n| asks \\ is asked |");
    asked.forEach(nat -> text.append(' ').append(name(nat)).append(" |"));
    text.append("\n|").append("---|".repeat(asked.size() + 1)).append('\n');
    for (int row = 0; row < asking.size(); row++) {
      text.append("| **").append(name(asking.get(row))).append("** |");
      for (int column = 0; column < asked.size(); column++) {
        PairResult cell = cell(row, column);
        text.append(' ')
            .append(cell.path())
            .append(cell.transport().equals("tcp") ? " (tcp) " : " ")
            .append(time(cell.firstByteMillis()))
            .append(" |");
      }
      text.append('\n');
    }
    text.append('\n');
    summary().forEach(line -> text.append("- ").append(line).append('\n'));
    return text.toString();
  }

  private PairResult cell(int row, int column) {
    return results.get(row * asked.size() + column);
  }

  private String name(Optional<LabNat> nat) {
    boolean alike =
        asking.stream().flatMap(Optional::stream).map(LabNat::ports).distinct().count() <= 1;
    return nat.map(given -> alike ? given.kind() : given.toString()).orElse("public");
  }

  private List<String> summary() {
    List<String> lines = new ArrayList<>();
    Promise promise = results.isEmpty() ? Promise.WITH_UDP : results.getFirst().promise();
    lines.add(share(promise.easy(), PairResult::isEasy));
    lines.add(share(promise.others(), pair -> !pair.isEasy() && !pair.isHopeless()));
    lines.add(share(promise.hopeless(), PairResult::isHopeless));
    return lines.stream().filter(line -> !line.isEmpty()).toList();
  }

  private String share(String what, Predicate<PairResult> which) {
    List<PairResult> some = results.stream().filter(which).toList();
    if (some.isEmpty()) {
      return "";
    }
    long direct = some.stream().filter(PairResult::isDirect).count();
    List<PairResult> timed =
        some.stream().filter(pair -> pair.firstByteMillis().isPresent()).toList();
    String times =
        timed.isEmpty()
            ? ""
            : "; first byte after %d ms (median), %d ms (90 %%), %d ms at most"
                .formatted(
                    percentile(timed, 50, pair -> pair.firstByteMillis().orElse(0)),
                    percentile(timed, 90, pair -> pair.firstByteMillis().orElse(0)),
                    percentile(timed, 100, pair -> pair.firstByteMillis().orElse(0)));
    List<PairResult> settled =
        some.stream()
            .filter(PairResult::isDirect)
            .filter(pair -> pair.settledMillis().isPresent())
            .toList();
    String upgraded =
        settled.isEmpty()
            ? ""
            : "; direct after %d ms (median), %d ms at most"
                .formatted(
                    percentile(settled, 50, pair -> pair.settledMillis().orElse(0)),
                    percentile(settled, 100, pair -> pair.settledMillis().orElse(0)));
    return what + ": " + direct + " of " + some.size() + " direct" + times + upgraded;
  }

  private static long percentile(
      List<PairResult> pairs, int percent, ToDoubleFunction<PairResult> value) {
    List<Double> sorted =
        pairs.stream().map(value::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    return Math.round(sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)));
  }

  /** The matrix as a picture: the colour is the way, the number the time. */
  public String svg() {
    int width = LEFT + asked.size() * CELL_WIDTH + 10;
    int height = TOP + asking.size() * CELL_HEIGHT + 16 + summary().size() * 16;
    StringBuilder svg = new StringBuilder();
    svg.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"10\">\n")
            .formatted(width, height));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    text(svg, 10, 20, "start", title + ": the way, and the time to the first byte");
    for (int column = 0; column < asked.size(); column++) {
      text(
          svg,
          LEFT + column * CELL_WIDTH + CELL_WIDTH / 2,
          TOP - 8,
          "middle",
          name(asked.get(column)));
    }
    for (int row = 0; row < asking.size(); row++) {
      int y = TOP + row * CELL_HEIGHT;
      text(svg, LEFT - 8, y + CELL_HEIGHT / 2 + 4, "end", name(asking.get(row)));
      for (int column = 0; column < asked.size(); column++) {
        draw(svg, LEFT + column * CELL_WIDTH, y, cell(row, column));
      }
    }
    int y = TOP + asking.size() * CELL_HEIGHT + 16;
    for (String line : summary()) {
      text(svg, 10, y, "start", line);
      y += 16;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(StringBuilder svg, int x, int y, PairResult cell) {
    svg.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n"
            .formatted(x, y, CELL_WIDTH - 2, CELL_HEIGHT - 2, colour(cell.path())));
    text(svg, x + CELL_WIDTH / 2, y + 14, "middle", cell.path());
    text(svg, x + CELL_WIDTH / 2, y + 27, "middle", time(cell.firstByteMillis()));
  }

  private static String colour(String path) {
    return switch (path) {
      case "local", "direct", "reverse", "hairpin", "port-mapped" -> "#b2f2bb";
      case "punched" -> "#c5f6fa";
      case "predicted" -> "#ffec99";
      case "searched" -> "#ffd8a8";
      case "relayed" -> "#dee2e6";
      default -> "#ffa8a8";
    };
  }

  private static void text(StringBuilder svg, int x, int y, String anchor, String content) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            content));
  }
}
