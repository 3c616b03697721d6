package org.bradawl.natlab.pairs;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.traversal.TwoHomes;
import org.bradawl.traversal.Policy;

/**
 * What the simulation says about a pair. The lab is the judge: where it does something that the
 * model never does, the model is wrong, and what was shown with it is not shown.
 */
public final class Model {

  /** The model throws dice for ports; some ways are matters of luck. */
  private static final int SEEDS = 6;

  /**
   * What comes to pass in one of sixty throws, as a search that misses and ends relayed, comes in
   * these many but for one time in a thousand.
   */
  private static final int PATIENT_SEEDS = 400;

  private Model() {}

  /**
   * The ways that the pair takes in the model, over several seeds; none if it has no such place.
   */
  public static Set<String> ways(Optional<LabNat> asking, Optional<LabNat> asked) {
    return throwDice(asking, asked, SEEDS).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> throwDice(
      Optional<LabNat> asking, Optional<LabNat> asked, int seeds) {
    if (asking.isEmpty() || asked.isEmpty()) {
      return Stream.empty();
    }
    // As near as in the lab, where one router stands between the homes.
    LinkQuality wire = LinkQuality.lan().withDelay(Duration.ofMillis(1), Duration.ZERO).withHops(1);
    GatewaySpecification here = asking.get().behavior();
    GatewaySpecification there = asked.get().behavior();
    return IntStream.range(0, seeds)
        .mapToObj(seed -> new TwoHomes(seed, wire, here, there).meet(Policy.usual()).path());
  }

  /** Whether the model knows this way for the pair, or knows nothing of the pair. */
  public static boolean agrees(PairResult result) {
    return result.asking().isEmpty()
        || result.asked().isEmpty()
        || throwDice(result.asking(), result.asked(), PATIENT_SEEDS)
            .anyMatch(result.path()::equals);
  }
}
