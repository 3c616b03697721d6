package org.bradawl.simulation.traversal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.PortAllocation;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Policy;

/**
 * Prints, as Markdown, how every two of the nine NATs get together in the model: the path that most
 * runs ended on, how often a run ended on a direct one, and how long those took.
 *
 * <p>Arguments: how many seeds for each pair (default 5), then the loss of the internet in percent
 * (default 0).
 */
public final class SuccessMatrix {

  private record Cell(Map<Method, Integer> paths, List<Duration> times, int runs) {

    static Cell empty() {
      return new Cell(new EnumMap<>(Method.class), new ArrayList<>(), 0);
    }

    Cell with(Meeting.Result result) {
      switch (result.initiator()) {
        case Outcome.Connected connected -> {
          paths.merge(connected.step().method(), 1, Integer::sum);
          times.add(connected.took());
        }
        case Outcome.Relayed _ -> paths.merge(Method.RELAY, 1, Integer::sum);
        case Outcome.Failed _ -> {}
      }
      return new Cell(paths, times, runs + 1);
    }

    String text() {
      String path =
          paths.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .map(entry -> entry.getKey().label())
              .orElse("failed");
      return times.isEmpty()
          ? path
          : "%s %d %% %d ms".formatted(path, 100 * times.size() / runs, median(times).toMillis());
    }
  }

  private final PrintStream out;
  private final int seeds;
  private final LinkQuality internet;

  private SuccessMatrix(PrintStream out, int seeds, LinkQuality internet) {
    this.out = out;
    this.seeds = seeds;
    this.internet = internet;
  }

  /** Prints the matrices. */
  public static void main(String[] arguments) {
    int seeds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    double loss = arguments.length > 1 ? Double.parseDouble(arguments[1]) / 100 : 0;
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    SuccessMatrix matrix = new SuccessMatrix(out, seeds, LinkQuality.internet().withLoss(loss));
    matrix.print("Ports preserved", new PortAllocation.Preserving());
    matrix.print("Ports counted", new PortAllocation.Contiguous(1));
    matrix.print("Ports random within a block of 1024", new PortAllocation.BlockRandom(1024));
    matrix.print("Ports random", new PortAllocation.Random());
  }

  private void print(String title, PortAllocation ports) {
    List<NatSpecification> nats = new ArrayList<>();
    for (EndpointBehavior mapping : EndpointBehavior.values()) {
      for (EndpointBehavior filtering : EndpointBehavior.values()) {
        nats.add(NatSpecification.of(mapping, filtering).with(ports));
      }
    }
    out.println("### " + title + "\n");
    StringBuilder head = new StringBuilder("| |");
    nats.forEach(nat -> head.append(' ').append(name(nat)).append(" |"));
    out.println(head);
    out.println("|---".repeat(nats.size() + 1) + "|");
    List<Duration> times = new ArrayList<>();
    int direct = 0;
    for (NatSpecification a : nats) {
      StringBuilder row = new StringBuilder("| **" + name(a) + "** |");
      for (NatSpecification b : nats) {
        Cell cell = Cell.empty();
        for (int seed = 0; seed < seeds; seed++) {
          cell = cell.with(new TwoHomes(seed, internet, a, b).meet(Policy.usual()));
        }
        row.append(' ').append(cell.text()).append(" |");
        times.addAll(cell.times());
        direct += cell.times().size() == seeds ? 1 : 0;
      }
      out.println(row);
    }
    out.printf(
        "%nPairs that always connect directly: %d of %d; median %d ms, 90 %% within %d ms.%n%n",
        direct,
        nats.size() * nats.size(),
        median(times).toMillis(),
        percentile(times, 90).toMillis());
  }

  private static String name(NatSpecification nat) {
    return initials(nat.mapping()) + "M+" + initials(nat.filtering()) + "F";
  }

  private static String initials(EndpointBehavior behavior) {
    return switch (behavior) {
      case ENDPOINT_INDEPENDENT -> "EI";
      case ADDRESS_DEPENDENT -> "AD";
      case ADDRESS_AND_PORT_DEPENDENT -> "APD";
    };
  }

  private static Duration median(List<Duration> times) {
    return percentile(times, 50);
  }

  private static Duration percentile(List<Duration> times, int percent) {
    List<Duration> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.isEmpty()
        ? Duration.ZERO
        : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }
}
