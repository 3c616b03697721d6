package org.bradawl.benchmarks.relay;

import java.util.List;
import org.bradawl.benchmarks.relay.Results.Spread;

/** The results as a picture: CPU for each packet, a group of bars for each cell. */
final class Picture {

  private static final int BAR = 9;
  private static final int GAP = 8;
  private static final int LEFT = 130;
  private static final int RIGHT = 70;
  private static final int TOP = 56;
  private static final int WIDTH = 860;
  private static final List<String> COLOURS = List.of("#0b7285", "#74c0fc", "#adb5bd");

  private final Results results;
  private final List<String> servers;
  private final List<Cell> cells;

  Picture(Results results, List<String> servers) {
    this.results = results;
    this.servers = servers;
    this.cells = results.cells().stream().filter(Picture::isOfPackets).toList();
  }

  private static boolean isOfPackets(Cell cell) {
    return switch (cell) {
      case Cell.Flow _, Cell.Binding _ -> true;
      case Cell.SetUp _, Cell.Idle _ -> false;
    };
  }

  String svg() {
    int group = servers.size() * BAR + GAP;
    int height = TOP + cells.size() * group + 12;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                .formatted(WIDTH, height)
            + " font-size=\"10\">\n");
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    svg.append(
        "<text x=\"10\" y=\"20\" font-size=\"14\">Server CPU for each packet, µs"
            + " (median, with least and most)</text>\n");
    legend(svg);
    double most = most();
    for (int i = 0; i < cells.size(); i++) {
      group(svg, cells.get(i), TOP + i * group, most);
    }
    return svg.append("</svg>\n").toString();
  }

  private void legend(StringBuilder svg) {
    for (int i = 0; i < servers.size(); i++) {
      int x = LEFT + i * 150;
      rectangle(svg, x, 32, BAR, BAR, COLOURS.get(i % COLOURS.size()));
      text(svg, x + 14, 40, "start", servers.get(i));
    }
  }

  private double most() {
    return cells.stream()
        .flatMap(cell -> servers.stream().map(server -> cpu(cell, server).most()))
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(1);
  }

  private Spread cpu(Cell cell, String server) {
    return results.of(cell, server, Measurement::cpuMicros);
  }

  private void group(StringBuilder svg, Cell cell, int y, double most) {
    double scale = (WIDTH - LEFT - RIGHT) / most;
    text(svg, LEFT - 8, y + servers.size() * BAR / 2 + 4, "end", cell.name());
    for (int i = 0; i < servers.size(); i++) {
      Spread cpu = cpu(cell, servers.get(i));
      int top = y + i * BAR;
      rectangle(svg, LEFT, top, cpu.median() * scale, BAR - 1, COLOURS.get(i % COLOURS.size()));
      double from = LEFT + cpu.least() * scale;
      double to = LEFT + cpu.most() * scale;
      double middle = top + (BAR - 1) / 2.0;
      svg.append(
          "<path d=\"M%s %sH%s\" stroke=\"#212529\"/>\n"
              .formatted(number(from), number(middle), number(to)));
      text(svg, to + 5, top + BAR - 1, "start", Table.format(cpu.median(), 2));
    }
  }

  private static void rectangle(
      StringBuilder svg, double x, double y, double width, double height, String colour) {
    svg.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n"
            .formatted(number(x), number(y), number(width), number(height), colour));
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String content) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
            .formatted(number(x), number(y), anchor, content));
  }

  private static String number(double value) {
    return Table.format(value, 1).replace(",", "");
  }
}
