package org.bradawl.natlab.pairs;

import static org.bradawl.simulation.EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT;
import static org.bradawl.simulation.EndpointBehavior.ADDRESS_DEPENDENT;
import static org.bradawl.simulation.EndpointBehavior.ENDPOINT_INDEPENDENT;

import java.util.Optional;
import java.util.function.Predicate;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;

/** What may be expected of two NATs, by what is allowed between them. */
public enum Promise {

  /** UDP, and TCP beside it. */
  WITH_UDP(
      "Pairs that ICE with STUN alone connects",
      "The others, as far as there is hope",
      "Ports at random on both sides, and only exact endpoints let in") {

    // ICE with STUN alone fails exactly for the other 24 of the 81.
    @Override
    boolean isEasy(Optional<LabNat> asking, Optional<LabNat> asked) {
      return !(isHard(asking) && isStrict(asked)) && !(isStrict(asking) && isHard(asked));
    }

    // Both sides take a new port at random for every peer, and let in only the very endpoints that
    // they wrote to. Where one side lets in every port of an address, a search through the ports of
    // the other still finds it.
    @Override
    boolean isHopeless(Optional<LabNat> asking, Optional<LabNat> asked) {
      return both(asking, asked, nat -> isHard(nat) && isRandom(nat) && isPortRestricted(nat));
    }
  },

  /** TCP alone. */
  TCP(
      "Pairs with endpoint-independent mapping on both sides",
      "The others, where a NAT changes its port, as far as there is hope",
      "Ports at random where only the exact endpoint is let in: to be relayed") {

    @Override
    boolean isEasy(Optional<LabNat> asking, Optional<LabNat> asked) {
      return both(asking, asked, nat -> mapping(nat) == ENDPOINT_INDEPENDENT);
    }

    // Nobody searches with SYNs: a port at random cannot be met.
    @Override
    boolean isHopeless(Optional<LabNat> asking, Optional<LabNat> asked) {
      return !WITH_UDP.isEasy(asking, asked)
          && ((isHard(asking) && isRandom(asking)) || (isHard(asked) && isRandom(asked)));
    }
  };

  private final String easy;
  private final String others;
  private final String hopeless;

  Promise(String easy, String others, String hopeless) {
    this.easy = easy;
    this.others = others;
    this.hopeless = hopeless;
  }

  /** Whether two such NATs have to connect directly. */
  abstract boolean isEasy(Optional<LabNat> asking, Optional<LabNat> asked);

  /** Whether nothing is left for them but the relay. */
  abstract boolean isHopeless(Optional<LabNat> asking, Optional<LabNat> asked);

  /** Those that have to be direct, in words. */
  String easy() {
    return easy;
  }

  /** Those that may be either, in words. */
  String others() {
    return others;
  }

  /** Those that are expected to be relayed, in words. */
  String hopeless() {
    return hopeless;
  }

  private static boolean both(
      Optional<LabNat> asking, Optional<LabNat> asked, Predicate<Optional<LabNat>> what) {
    return what.test(asking) && what.test(asked);
  }

  private static boolean isPortRestricted(Optional<LabNat> nat) {
    return filtering(nat) == ADDRESS_AND_PORT_DEPENDENT;
  }

  private static boolean isRandom(Optional<LabNat> nat) {
    return nat.map(given -> given.ports().equals("random")).orElse(false);
  }

  /** Maps anew for every peer, and lets nobody else in. */
  private static boolean isHard(Optional<LabNat> nat) {
    return isStrict(nat) && mapping(nat) != ENDPOINT_INDEPENDENT;
  }

  /** Port-restricted, or hard: what has to be met at the right port. */
  private static boolean isStrict(Optional<LabNat> nat) {
    return switch (filtering(nat)) {
      case ENDPOINT_INDEPENDENT -> false;
      case ADDRESS_DEPENDENT -> mapping(nat) != ENDPOINT_INDEPENDENT;
      case ADDRESS_AND_PORT_DEPENDENT -> true;
    };
  }

  private static EndpointBehavior filtering(Optional<LabNat> nat) {
    return nat.map(LabNat::behavior)
        .map(behavior ->
            switch (behavior) {
              case LinuxRouterSpecification _ -> ADDRESS_AND_PORT_DEPENDENT;
              case NatSpecification given -> given.filtering();
            })
        .orElse(ENDPOINT_INDEPENDENT);
  }

  private static EndpointBehavior mapping(Optional<LabNat> nat) {
    return nat.map(LabNat::behavior)
        .map(behavior ->
            switch (behavior) {
              case LinuxRouterSpecification _ -> ENDPOINT_INDEPENDENT;
              case NatSpecification given -> given.mapping();
            })
        .orElse(ENDPOINT_INDEPENDENT);
  }
}
