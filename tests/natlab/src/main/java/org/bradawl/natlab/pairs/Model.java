package org.bradawl.natlab.pairs;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.traversal.Meeting;
import org.bradawl.simulation.traversal.TwoHomes;
import org.bradawl.traversal.Policy;

/**
 * What the simulation says about a pair. The lab is the judge: where it does something that the
 * model never does, the model is wrong, and what was shown with it is not shown.
 */
public final class Model {

  /** The model throws dice for ports; some ways are matters of luck. */
  private static final int SEEDS = 6;

  private Model() {}

  /**
   * The ways that the pair takes in the model, over several seeds; none if it has no such place.
   */
  public static Set<String> ways(Optional<LabNat> asking, Optional<LabNat> asked) {
    Set<String> ways = new TreeSet<>();
    if (asking.isPresent() && asked.isPresent()) {
      // As near as in the lab, where one router stands between the homes.
      LinkQuality wire =
          LinkQuality.lan().withDelay(Duration.ofMillis(1), Duration.ZERO).withHops(1);
      for (int seed = 0; seed < SEEDS; seed++) {
        Meeting.Result met =
            new TwoHomes(seed, wire, asking.get().behavior(), asked.get().behavior())
                .meet(Policy.usual());
        ways.add(met.path());
      }
    }
    return ways;
  }

  /** Whether the model knows this way for the pair, or knows nothing of the pair. */
  public static boolean agrees(PairResult result) {
    Set<String> ways = ways(result.asking(), result.asked());
    return ways.isEmpty() || ways.contains(result.path());
  }
}
