package org.bradawl.benchmarks.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All measurements, by cell and server, in the order of the rounds. */
final class Results {

  private final Map<Cell, Map<String, List<Measurement>>> all = new LinkedHashMap<>();

  /**
   * A median with what lies around it.
   *
   * @param least the smallest
   * @param most the largest
   */
  record Spread(double least, double median, double most) {
    static Spread of(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      int middle = sorted.size() / 2;
      double median =
          sorted.size() % 2 == 1
              ? sorted.get(middle)
              : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
      return new Spread(sorted.getFirst(), median, sorted.getLast());
    }
  }

  void add(Cell cell, String server, Measurement measurement) {
    all.computeIfAbsent(cell, _ -> new LinkedHashMap<>())
        .computeIfAbsent(server, _ -> new ArrayList<>())
        .add(measurement);
  }

  List<Cell> cells() {
    return List.copyOf(all.keySet());
  }

  boolean has(Cell cell, String server) {
    return all.getOrDefault(cell, Map.of()).containsKey(server);
  }

  Spread of(Cell cell, String server, ToDoubleFunction<Measurement> figure) {
    return Spread.of(runs(cell, server).stream().map(figure::applyAsDouble).toList());
  }

  /** How many times more {@code one} has than {@code other}, round by round. */
  Spread ratio(Cell cell, String one, String other, ToDoubleFunction<Measurement> figure) {
    List<Measurement> ones = runs(cell, one);
    List<Measurement> others = runs(cell, other);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
      ratios.add(figure.applyAsDouble(ones.get(i)) / figure.applyAsDouble(others.get(i)));
    }
    return Spread.of(ratios);
  }

  private List<Measurement> runs(Cell cell, String server) {
    return all.getOrDefault(cell, Map.of()).getOrDefault(server, List.of());
  }
}
