package org.bradawl.natlab.pairs;

import java.util.Optional;
import java.util.OptionalDouble;
import org.bradawl.natlab.world.LabNat;

/**
 * How two NATs got together.
 *
 * @param promise what may be expected of two NATs over the transports that were allowed
 * @param asking the NAT of the side that connects
 * @param asked the NAT of the side that listens
 * @param path the way in the end, or {@code failed}
 * @param transport under it
 * @param firstByteMillis from the wish to connect until an application's byte had come back
 * @param settledMillis with relay first: until the way was direct
 * @param why if it failed
 */
public record PairResult(
    Promise promise,
    Optional<LabNat> asking,
    Optional<LabNat> asked,
    String path,
    String transport,
    OptionalDouble firstByteMillis,
    OptionalDouble settledMillis,
    String why) {

  /** Whether nothing goes through the server. */
  public boolean isDirect() {
    return !path.equals("relayed") && !path.equals("failed") && !path.equals("none");
  }

  /** Whether it has to be direct. */
  public boolean isEasy() {
    return promise.isEasy(asking, asked);
  }

  /** Whether nothing is left but the relay. */
  public boolean isHopeless() {
    return promise.isHopeless(asking, asked);
  }
}
