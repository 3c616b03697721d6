package org.bradawl.natlab.pairs;

import java.util.Optional;
import java.util.OptionalDouble;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;

/**
 * How two NATs got together.
 *
 * @param asking the NAT of the side that connects
 * @param asked the NAT of the side that listens
 * @param path the way in the end, or {@code failed}
 * @param transport under it
 * @param firstByteMillis from the wish to connect until an application's byte had come back
 * @param settledMillis with relay first: until the way was direct
 * @param why if it failed
 */
public record PairResult(
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

  /** Whether ICE with STUN alone would do: it fails exactly for the other 24 of the 81. */
  public boolean isEasy() {
    return !(isHard(asking) && isStrict(asked)) && !(isStrict(asking) && isHard(asked));
  }

  /**
   * Whether nothing is left but the relay: both sides take a new port at random for every peer, and
   * let in only the very endpoints that they wrote to. Where one side lets in every port of an
   * address, a search through the ports of the other still finds it.
   */
  public boolean isHopeless() {
    return isHard(asking)
        && isHard(asked)
        && isRandom(asking)
        && isRandom(asked)
        && isPortRestricted(asking)
        && isPortRestricted(asked);
  }

  private static boolean isPortRestricted(Optional<LabNat> nat) {
    return nat.map(LabNat::behavior)
        .map(behavior ->
            switch (behavior) {
              case LinuxRouterSpecification _ -> true;
              case NatSpecification given ->
                  given.filtering() == EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT;
            })
        .orElse(false);
  }

  private static boolean isRandom(Optional<LabNat> nat) {
    return nat.map(given -> given.ports().equals("random")).orElse(false);
  }

  /** Maps anew for every peer, and lets nobody else in. */
  private static boolean isHard(Optional<LabNat> nat) {
    return isStrict(nat) && mapping(nat) != EndpointBehavior.ENDPOINT_INDEPENDENT;
  }

  /** Port-restricted, or hard: what has to be met at the right port. */
  private static boolean isStrict(Optional<LabNat> nat) {
    if (nat.isEmpty()) {
      return false;
    }
    return switch (nat.get().behavior()) {
      case LinuxRouterSpecification _ -> true;
      case NatSpecification given ->
          switch (given.filtering()) {
            case ENDPOINT_INDEPENDENT -> false;
            case ADDRESS_DEPENDENT -> given.mapping() != EndpointBehavior.ENDPOINT_INDEPENDENT;
            case ADDRESS_AND_PORT_DEPENDENT -> true;
          };
    };
  }

  private static EndpointBehavior mapping(Optional<LabNat> nat) {
    return nat.map(LabNat::behavior)
        .map(behavior ->
            switch (behavior) {
              case LinuxRouterSpecification _ -> EndpointBehavior.ENDPOINT_INDEPENDENT;
              case NatSpecification given -> given.mapping();
            })
        .orElse(EndpointBehavior.ENDPOINT_INDEPENDENT);
  }
}
