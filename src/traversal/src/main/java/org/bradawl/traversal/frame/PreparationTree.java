package org.bradawl.traversal.frame;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bradawl.nat.Tree;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Preparation;

/** A {@link Preparation} as part of a tree. */
final class PreparationTree {

  private static final int MOST_STEPS = 64;

  /** A plan predicts 80 ports at the most, and twice as many where every second one is used. */
  private static final int MOST_ENDPOINTS = 256;

  private PreparationTree() {}

  static void write(Preparation preparation, Map<String, Object> into) {
    into.put("step", preparation.step());
    into.put(
        "endpoints", preparation.endpoints().stream().map(TransportAddress::toString).toList());
    preparation
        .range()
        .ifPresent(range -> {
          Map<String, Object> tree = new LinkedHashMap<>();
          tree.put("lowest", range.lowest().toString());
          tree.put("size", range.size());
          into.put("range", tree);
        });
  }

  static Preparation read(Tree tree) {
    return new Preparation(
        step(tree),
        tree.endpoints("endpoints", MOST_ENDPOINTS),
        tree.optionalBranch("range").flatMap(PreparationTree::range));
  }

  static int step(Tree tree) {
    return (int) tree.number("step", 0, MOST_STEPS - 1);
  }

  private static Optional<Preparation.Range> range(Tree tree) {
    Optional<TransportAddress> lowest = tree.endpoint("lowest");
    int size = (int) tree.number("size", 1, 65_535);
    if (lowest.isEmpty() || lowest.get().port() + size > 65_536) {
      tree.refuse();
      return Optional.empty();
    }
    return Optional.of(new Preparation.Range(lowest.get(), size));
  }
}
