package org.bradawl.benchmarks.relay;

import java.util.List;
import java.util.Locale;
import org.bradawl.benchmarks.relay.Results.Spread;

/** The results as Markdown. */
final class Table {

  private final Results results;
  private final List<String> servers;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param servers ours first, and coturn last if it was there
   */
  Table(Results results, List<String> servers) {
    this.results = results;
    this.servers = servers;
  }

  String markdown() {
    head();
    for (Cell cell : results.cells()) {
      switch (cell) {
        case Cell.Idle _ -> {}
        case Cell.Flow _, Cell.Binding _, Cell.SetUp _ -> row(cell);
      }
    }
    for (Cell cell : results.cells()) {
      if (cell instanceof Cell.Idle idle) {
        memory(idle);
      }
    }
    return text.toString();
  }

  private void head() {
    text.append("| cell |");
    servers.forEach(server -> text.append(" ").append(server).append(" µs |"));
    others().forEach(other -> text.append(" CPU: ").append(other).append(" ÷ ours |"));
    if (!others().isEmpty()) {
      text.append(" goal |");
    }
    servers.forEach(server -> text.append(" ").append(server).append(" per s |"));
    others().forEach(other -> text.append(" rate: ours ÷ ").append(other).append(" |"));
    servers.forEach(server -> text.append(" ").append(server).append(" p50 / p99 µs |"));
    servers.forEach(server -> text.append(" ").append(server).append(" lost |"));
    text.append(" generator |\n|---|");
    int columns = 4 * servers.size() + 2 * others().size() + (others().isEmpty() ? 1 : 2);
    text.append("---|".repeat(columns)).append('\n');
  }

  private List<String> others() {
    return servers.subList(1, servers.size());
  }

  private void row(Cell cell) {
    String ours = servers.getFirst();
    text.append("| ").append(cell.name()).append(" |");
    for (String server : servers) {
      cell(spread(results.of(cell, server, Measurement::cpuMicros), 2));
    }
    for (String other : others()) {
      cell("**" + spread(results.ratio(cell, other, ours, Measurement::cpuMicros), 2));
    }
    if (!others().isEmpty()) {
      goal(cell, ours);
    }
    for (String server : servers) {
      cell(format(results.of(cell, server, Measurement::perSecond).median(), 0));
    }
    for (String other : others()) {
      cell(spread(results.ratio(cell, ours, other, Measurement::perSecond), 2));
    }
    for (String server : servers) {
      double p50 = results.of(cell, server, Measurement::p50).median();
      double p99 = results.of(cell, server, Measurement::p99).median();
      cell(Double.isNaN(p50) ? "" : format(p50, 0) + " / " + format(p99, 0));
    }
    for (String server : servers) {
      cell(format(100 * results.of(cell, server, Measurement::loss).median(), 3) + " %");
    }
    cell(format(100 * results.of(cell, ours, Measurement::generatorShare).median(), 0) + " %");
    text.append('\n');
  }

  private void goal(Cell cell, String ours) {
    double cpu = Goal.cpu(cell, ours);
    String asked = cpu > 0 ? "≥ " + format(cpu, 1) : "latency no worse";
    cell(asked + (Goal.isMet(cell, results, ours, servers.getLast()) ? " ✓" : " ✗"));
  }

  private void memory(Cell.Idle idle) {
    text.append("\nResident memory for each of ")
        .append(idle.allocations())
        .append(" idle allocations with permission and channel, measured once:");
    String before = " ";
    for (String server : servers) {
      if (results.has(idle, server)) {
        double kilobytes = results.of(idle, server, Measurement::kilobytes).median();
        text.append(before).append(server).append(' ').append(format(kilobytes, 2)).append(" kB");
        before = ", ";
      }
    }
    text.append(" (goal: at most ").append(format(Goal.KILOBYTES, 0)).append(" kB).\n");
  }

  private void cell(String content) {
    boolean bold = content.startsWith("**");
    int end = content.indexOf(' ');
    String shown =
        bold && end > 0 ? content.substring(0, end) + "**" + content.substring(end) : content;
    text.append(' ').append(bold && end < 0 ? content + "**" : shown).append(" |");
  }

  private static String spread(Spread spread, int places) {
    String median = format(spread.median(), places);
    return spread.least() == spread.most()
        ? median
        : median
            + " ("
            + format(spread.least(), places)
            + "–"
            + format(spread.most(), places)
            + ")";
  }

  static String format(double value, int places) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%,." + places + "f", value);
  }
}
