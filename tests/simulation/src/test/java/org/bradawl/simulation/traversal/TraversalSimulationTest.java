package org.bradawl.simulation.traversal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.NatSpecification.Hairpin;
import org.bradawl.simulation.PortAllocation;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Policy;
import org.bradawl.traversal.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Planner and machines between every two NATs of the model. */
class TraversalSimulationTest {

  /** Each of the 81 pairs this many times. */
  private static final int SEEDS = Integer.getInteger("bradawl.simulation.seeds", 3);

  static List<NatSpecification> nats(PortAllocation ports) {
    List<NatSpecification> all = new ArrayList<>();
    for (EndpointBehavior mapping : EndpointBehavior.values()) {
      for (EndpointBehavior filtering : EndpointBehavior.values()) {
        all.add(NatSpecification.of(mapping, filtering).with(ports));
      }
    }
    return all;
  }

  private static boolean isPunchable(NatSpecification a, NatSpecification b) {
    return letsIn(a, b) || letsIn(b, a);
  }

  private static boolean letsIn(NatSpecification from, NatSpecification to) {
    boolean toIndependent = to.mapping() == EndpointBehavior.ENDPOINT_INDEPENDENT;
    boolean fromIndependent = from.mapping() == EndpointBehavior.ENDPOINT_INDEPENDENT;
    return switch (to.filtering()) {
      case ENDPOINT_INDEPENDENT -> true;
      case ADDRESS_DEPENDENT -> toIndependent;
      case ADDRESS_AND_PORT_DEPENDENT -> toIndependent && fromIndependent;
    };
  }

  private static Meeting.Result meet(
      long seed, LinkQuality quality, GatewaySpecification a, GatewaySpecification b) {
    return meet(seed, quality, a, b, Policy.usual());
  }

  private static Meeting.Result meet(
      long seed,
      LinkQuality quality,
      GatewaySpecification a,
      GatewaySpecification b,
      Policy policy) {
    TwoHomes world = new TwoHomes(seed, quality, a, b);
    Meeting.Result result = world.meet(policy);
    assertThat(result.isAgreed()).as("seed %d: %s", seed, result).isTrue();
    return result;
  }

  @Test
  void fiftySevenPairsAreWhatPlainPunchingCanDo() {
    List<NatSpecification> nats = nats(new PortAllocation.Preserving());
    long punchable =
        nats.stream().flatMap(a -> nats.stream().filter(b -> isPunchable(a, b))).count();
    assertThat(punchable).isEqualTo(57);
  }

  static Stream<PortAllocation> predictable() {
    return Stream.of(
        new PortAllocation.Preserving(),
        new PortAllocation.Contiguous(1),
        new PortAllocation.Contiguous(2));
  }

  @ParameterizedTest
  @MethodSource("predictable")
  void everyPairConnectsDirectlyWherePortsCanBeTold(PortAllocation ports) {
    Map<String, Integer> paths = new TreeMap<>();
    for (NatSpecification a : nats(ports)) {
      for (NatSpecification b : nats(ports)) {
        for (int seed = 0; seed < SEEDS; seed++) {
          Meeting.Result result = meet(seed, LinkQuality.internet(), a, b);
          assertThat(result.path())
              .as("seed %d: %s", seed, result)
              .isEqualTo(isPunchable(a, b) ? "punched" : "predicted");
          paths.merge(result.path(), 1, Integer::sum);
        }
      }
    }
    assertThat(paths).containsOnlyKeys("punched", "predicted");
  }

  @Test
  void randomPortsAreSearchedForWhereThatIsWorthIt() {
    NatSpecification strict =
        NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT);
    int searched = 0;
    int runs = 20 * SEEDS;
    for (int seed = 0; seed < runs; seed++) {
      Meeting.Result result =
          meet(seed, LinkQuality.internet(), strict, symmetric(new PortAllocation.Random()));
      assertThat(result.path()).isIn("searched", "relayed");
      searched += result.path().equals("searched") ? 1 : 0;
    }
    assertThat(searched).isGreaterThanOrEqualTo(runs * 9 / 10);
  }

  @Test
  void twoRandomNatsAreRelayedAtOnceAndToldWhy() {
    NatSpecification random = symmetric(new PortAllocation.Random());
    for (int seed = 0; seed < SEEDS; seed++) {
      Meeting.Result result = meet(seed, LinkQuality.internet(), random, random);
      assertThat(result.path()).isEqualTo("relayed");
      assertThat(result.initiator().took()).isLessThan(Duration.ofMillis(250));
      assertThat(result.plan().refusals())
          .anyMatch(refusal -> refusal.reason().contains("cannot be told"));
    }
  }

  @Test
  void naiveLinuxRoutersOnBothSidesAreGotThrough() {
    for (int seed = 0; seed < 10 * SEEDS; seed++) {
      Meeting.Result result =
          meet(
              seed,
              LinkQuality.internet(),
              LinuxRouterSpecification.naive(),
              LinuxRouterSpecification.naive());
      assertThat(result.path()).as("seed %d: %s", seed, result).isEqualTo("punched");
    }
  }

  @Test
  void naiveLinuxRoutersNextToEachOtherAreGotThrough() {
    LinkQuality near = LinkQuality.lan().withHops(1);
    for (int seed = 0; seed < 10 * SEEDS; seed++) {
      Meeting.Result result =
          meet(seed, near, LinuxRouterSpecification.naive(), LinuxRouterSpecification.naive());
      assertThat(result.path()).as("seed %d: %s", seed, result).isEqualTo("punched");
    }
  }

  static Stream<GatewaySpecification> refusing() {
    return Stream.of(
        NatSpecification.of(
                EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
            .with(NatSpecification.Unsolicited.REFUSAL),
        LinuxRouterSpecification.naive());
  }

  @ParameterizedTest
  @MethodSource("refusing")
  void tcpConnectsThroughNatsThatAnswerSynsWithRst(GatewaySpecification nat) {
    Policy tcp = Policy.usual().over(Set.of(Transport.TCP));
    for (int seed = 0; seed < 10 * SEEDS; seed++) {
      for (LinkQuality quality : List.of(LinkQuality.internet(), LinkQuality.lan().withHops(1))) {
        Meeting.Result result = meet(seed, quality, nat, nat, tcp);
        assertThat(result.path()).as("seed %d: %s", seed, result).isEqualTo("punched");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("predictable")
  void everyPairConnectsOverTcpWherePortsCanBeTold(PortAllocation ports) {
    Policy tcp = Policy.usual().over(Set.of(Transport.TCP));
    for (NatSpecification a : nats(ports)) {
      for (NatSpecification b : nats(ports)) {
        for (int seed = 0; seed < SEEDS; seed++) {
          Meeting.Result result = meet(seed, LinkQuality.internet(), a, b, tcp);
          assertThat(result.path())
              .as("seed %d: %s and %s: %s", seed, a, b, result)
              .isEqualTo(isPunchable(a, b) ? "punched" : "predicted");
          if (result.initiator() instanceof Outcome.Connected connected) {
            assertThat(connected.transport()).isEqualTo(Transport.TCP);
          }
        }
      }
    }
  }

  @Test
  void lossDelaysButDoesNotPrevent() {
    int direct = 0;
    int all = 0;
    LinkQuality lossy = LinkQuality.internet().withLoss(0.05).withReorder(0.02);
    for (NatSpecification a : nats(new PortAllocation.Contiguous(1))) {
      for (NatSpecification b : nats(new PortAllocation.Contiguous(1))) {
        for (int seed = 0; seed < SEEDS; seed++) {
          Meeting.Result result = meet(seed, lossy, a, b);
          direct += result.initiator() instanceof Outcome.Connected ? 1 : 0;
          all++;
        }
      }
    }
    assertThat(direct).isGreaterThanOrEqualTo(all * 95 / 100);
  }

  @Test
  void relayFirstHasTheFirstByteEarlyAndImproves() {
    NatSpecification usual =
        NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT);
    Meeting.Result result =
        meet(1, LinkQuality.internet(), usual, usual, Policy.usual().withRelayFirst());
    assertThat(result.plan().steps().getFirst().method().label()).isEqualTo("relayed");
    assertThat(result.path()).isEqualTo("punched");
  }

  @ParameterizedTest
  @EnumSource(Hairpin.class)
  void oneHomeConnectsLocally(Hairpin hairpin) {
    for (NatSpecification nat : nats(new PortAllocation.Contiguous(1))) {
      Meeting.Result result = OneNat.home(1, nat.with(hairpin)).meet(Policy.usual());
      assertThat(result.path()).isEqualTo("local");
    }
  }

  @ParameterizedTest
  @EnumSource(Hairpin.class)
  void twoHomesBehindACarrierNatConnectIfItTurnsPacketsBack(Hairpin hairpin) {
    NatSpecification inner =
        NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ENDPOINT_INDEPENDENT);
    NatSpecification carrier = inner.with(hairpin);
    Meeting.Result result = OneNat.carrier(1, inner, carrier).meet(Policy.usual());
    assertThat(result.path())
        .as("%s", result)
        .isEqualTo(hairpin == Hairpin.EXTERNAL_SOURCE ? "hairpin" : "relayed");
  }

  private static NatSpecification symmetric(PortAllocation ports) {
    return NatSpecification.of(
            EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT,
            EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
        .with(ports);
  }
}
