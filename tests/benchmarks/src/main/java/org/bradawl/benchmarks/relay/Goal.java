package org.bradawl.benchmarks.relay;

import org.bradawl.benchmarks.relay.Results.Spread;

/** What the design set itself, against coturn, for each cell: CPU by default. */
final class Goal {

  private Goal() {}

  /** Whether this server of ours makes one call for each packet, and need only not be slower. */
  private static boolean isPortable(String ours) {
    return ours.endsWith("-portable");
  }

  /** How many times less CPU than coturn our server needs, at least. */
  static double cpu(Cell cell, String ours) {
    return isPortable(ours) ? Math.min(1, cpu(cell)) : cpu(cell);
  }

  private static double cpu(Cell cell) {
    return switch (cell) {
      case Cell.Flow flow when flow.bulk() -> 8;
      case Cell.Flow flow when flow.rate() > 0 -> 0;
      case Cell.Flow flow when flow.clients() <= 16 -> 1.7;
      case Cell.Flow flow when flow.clients() <= 100 -> 1.5;
      case Cell.Flow _ -> 1.3;
      case Cell.Binding _ -> 1.8;
      case Cell.SetUp _ -> 2;
      case Cell.Idle _ -> 0;
    };
  }

  /** The most resident memory that an idle allocation may take, in kB. */
  static final double KILOBYTES = 4;

  /** What a paced run asks instead: latency no worse, which noise alone moves by a tenth. */
  static boolean isMet(Cell cell, Results results, String ours, String theirs) {
    return switch (cell) {
      case Cell.Idle _ -> results.of(cell, ours, Measurement::kilobytes).median() <= KILOBYTES;
      case Cell.Flow flow when flow.rate() > 0 ->
          results.ratio(cell, ours, theirs, Measurement::p50).median() <= 1.1
              && results.ratio(cell, ours, theirs, Measurement::p99).median() <= 1.1;
      case Cell.Flow _, Cell.Binding _, Cell.SetUp _ -> {
        Spread ratio = results.ratio(cell, theirs, ours, Measurement::cpuMicros);
        yield ratio.median() >= cpu(cell, ours);
      }
    };
  }
}
