package org.bradawl.nat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads what {@link ReportView} wrote, or what a stranger claims it did. What follows from other
 * members, the legacy type, is not read but worked out again.
 */
public final class ReportReader {

  /** A discovery makes some dozens of tests. */
  private static final int MOST = 64;

  private static final int DAY = 86_400;

  private ReportReader() {}

  /** The report of a tree, if it is one. */
  public static Optional<Report> read(Tree tree) {
    Report report =
        new Report(
            tree.answer("udp"),
            behavior(tree, "mapping"),
            behavior(tree, "filtering"),
            behavior(tree, "tcpMapping"),
            tree.answer("hairpinning"),
            Optional.empty(),
            tree.optionalBranch("portAllocation")
                .map(ReportReader::ports)
                .orElseGet(PortModel.Unknown::new),
            tree.answer("severalAddresses"),
            tree.answer("earlyPacketMovesPort"),
            tree.answer("fragments"),
            tree.answer("genericAlg"),
            lifetime(tree),
            tree.endpoints("publicEndpoints", MOST),
            tree.endpoints("localEndpoints", MOST),
            tree.trees("evidence", MOST).stream()
                .map(ReportReader::evidence)
                .flatMap(Optional::stream)
                .toList());
    return tree.ifSound(_ -> report);
  }

  private static Behavior behavior(Tree tree, String name) {
    return tree.oneOf(name, List.of(Behavior.values()), Behavior::label, Behavior.UNKNOWN);
  }

  private static Optional<MappingLifetime> lifetime(Tree tree) {
    OptionalLong seconds = tree.optionalNumber("mappingLifetimeSeconds", 0, DAY);
    return seconds.isPresent()
        ? Optional.of(
            new MappingLifetime(Duration.ofSeconds(seconds.getAsLong()), Optional.empty()))
        : Optional.empty();
  }

  private static PortModel ports(Tree tree) {
    double confidence = tree.share("confidence");
    return switch (tree.text("kind", 16)) {
      case "preserving" -> new PortModel.Preserving(confidence);
      case "contiguous" -> contiguous(tree, confidence);
      case "block-random" -> block(tree, confidence);
      case "random" -> new PortModel.Random(confidence);
      case "unknown" -> new PortModel.Unknown();
      default -> {
        tree.refuse();
        yield new PortModel.Unknown();
      }
    };
  }

  private static PortModel contiguous(Tree tree, double confidence) {
    int step = (int) tree.number("step", -PortModel.PORTS, PortModel.PORTS);
    if (step == 0) {
      tree.refuse();
    }
    // Where the counter stood when it was seen is of no use by now: it is sampled anew.
    return new PortModel.Contiguous(
        step, tree.flag("keepsParity", false), PortModel.LOWEST_PORT, confidence);
  }

  private static PortModel block(Tree tree, double confidence) {
    int first = (int) tree.number("first", PortModel.LOWEST_PORT, PortModel.HIGHEST_PORT);
    int most = PortModel.HIGHEST_PORT - Math.max(first, PortModel.LOWEST_PORT) + 1;
    return new PortModel.Block(first, (int) tree.number("size", 1, most), confidence);
  }

  private static Optional<Evidence> evidence(Tree tree) {
    String test = tree.text("test", MOST);
    var local = tree.endpoint("local");
    var sentTo = tree.endpoint("sentTo");
    OptionalLong millis = tree.optionalNumber("millis", 0, DAY);
    int attempts = (int) tree.optionalNumber("attempts", 0, DAY).orElse(0);
    int answers = (int) tree.optionalNumber("answers", 0, DAY).orElse(0);
    var answeredBy = tree.optionalEndpoint("answeredBy");
    var mapped = tree.optionalEndpoint("mapped");
    if (local.isEmpty() || sentTo.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Evidence(
            test,
            local.get(),
            sentTo.get(),
            attempts,
            answers,
            answeredBy,
            mapped,
            millis.isPresent()
                ? Optional.of(Duration.ofMillis(millis.getAsLong()))
                : Optional.empty()));
  }
}
