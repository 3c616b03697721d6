package org.bradawl.simulation.traversal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bradawl.nat.Report;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.NatSpecification.Unsolicited;
import org.bradawl.simulation.PortAllocation;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Policy;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of pairs of which one side can be reached by everybody: because its router has opened a
 * port on request, or because it is public. The worlds hold their invariants after every event.
 */
class ReachableSideTest {

  /** Each kind of pair this many times. */
  private static final int SEEDS = Integer.getInteger("bradawl.simulation.seeds", 3);

  private static final List<PortAllocation> PORTS =
      List.of(
          new PortAllocation.Preserving(),
          new PortAllocation.Contiguous(1),
          new PortAllocation.BlockRandom(1024),
          new PortAllocation.Random());

  /** A NAT is examined once; what is found does not depend on who is met. */
  private final Map<NatSpecification, Report> reports = new HashMap<>();

  private Report report(NatSpecification nat) {
    return reports.computeIfAbsent(
        nat, each -> new TwoHomes(1, LinkQuality.internet(), each, each).initiator().discover());
  }

  private static List<NatSpecification> nats() {
    List<NatSpecification> all = new ArrayList<>();
    for (PortAllocation ports : PORTS) {
      for (EndpointBehavior mapping : EndpointBehavior.values()) {
        for (EndpointBehavior filtering : EndpointBehavior.values()) {
          all.add(NatSpecification.of(mapping, filtering).with(ports));
        }
      }
    }
    return all;
  }

  private static NatSpecification random() {
    return NatSpecification.of(
            EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT,
            EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
        .with(new PortAllocation.Random());
  }

  private Meeting.Result meet(TwoHomes world, NatSpecification a, NatSpecification b) {
    return new Meeting(world.initiator(), world.responder(), Policy.usual())
        .run(report(a), report(b), 0);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void aPortThatOneRouterOpensMakesEveryPairDirect(Side mapped) {
    Map<Method, Integer> paths = new TreeMap<>();
    long seed = 0;
    for (NatSpecification a : nats()) {
      for (NatSpecification b : nats()) {
        seed++;
        TwoHomes world = new TwoHomes(seed, LinkQuality.internet(), a, b).withPortMapped(mapped);
        Meeting.Result result = meet(world, a, b);
        assertThat(result.isAgreed()).as("seed %d: %s", seed, result).isTrue();
        if (result.initiator() instanceof Outcome.Connected connected) {
          paths.merge(connected.step().method(), 1, Integer::sum);
        } else {
          throw new AssertionError("seed " + seed + ": not direct: " + result);
        }
      }
    }
    assertThat(paths).containsKeys(Method.PORT_MAPPED, Method.PUNCH);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void theMostHopelessPairGoesThroughThePortAndNoOtherWay(Side mapped) {
    for (int seed = 0; seed < 20 * SEEDS; seed++) {
      LinkQuality lossy = LinkQuality.internet().withLoss(seed % 2 * 0.05).withReorder(0.02);
      TwoHomes world = new TwoHomes(seed, lossy, random(), random()).withPortMapped(mapped);
      Meeting.Result result = meet(world, random(), random());
      assertThat(result.path()).as("seed %d: %s", seed, result).isEqualTo("port-mapped");
    }
  }

  /** Without a port of its own it is relayed: see the matrix. With a lie about one it is too. */
  @Test
  void aPortThatIsNotOpenCostsNothingButTheTry() {
    for (int seed = 0; seed < 10 * SEEDS; seed++) {
      TwoHomes world = new TwoHomes(seed, LinkQuality.internet(), random(), random());
      world.responder().portMapped(new TransportAddress(IpAddress.parse("192.0.2.1"), 4_444));
      Meeting.Result result = meet(world, random(), random());
      assertThat(result.path()).as("seed %d: %s", seed, result).isEqualTo("relayed");
      assertThat(result.plan().steps()).anyMatch(step -> step.method() == Method.PORT_MAPPED);
    }
  }

  private static Meeting.Result meet(OneHome world, Report open, Report hidden, Side ofOpen) {
    Policy tcp = Policy.usual().over(Set.of(Transport.TCP));
    return new Meeting(world.initiator(), world.responder(), tcp)
        .run(ofOpen == Side.INITIATOR ? open : hidden, ofOpen == Side.INITIATOR ? hidden : open, 0);
  }

  /** From a public host inwards it is the home that connects; from home outwards it is too. */
  @ParameterizedTest
  @EnumSource(Side.class)
  void overTcpTheHomeConnectsWhoeverAsks(Side ofOpen) {
    Report open =
        new OneHome(1, LinkQuality.internet(), random(), Side.INITIATOR).initiator().discover();
    String path = ofOpen == Side.INITIATOR ? "reverse" : "direct";
    long seed = 0;
    int late = 0;
    for (NatSpecification nat : nats()) {
      for (int i = 0; i < 4 * SEEDS; i++) {
        NatSpecification manners = nat.with(i % 2 == 0 ? Unsolicited.SILENCE : Unsolicited.REFUSAL);
        LinkQuality lossy = LinkQuality.internet().withLoss(0.02 * (i % 3));
        seed++;
        OneHome world = new OneHome(seed, lossy, manners, ofOpen);
        Meeting.Result result = meet(world, open, report(nat), ofOpen);
        assertThat(result.isAgreed()).as("seed %d: %s", seed, result).isTrue();
        if (result.initiator() instanceof Outcome.Connected connected) {
          assertThat(result.path()).as("seed %d: %s", seed, result).isEqualTo(path);
          assertThat(connected.transport()).isEqualTo(Transport.TCP);
        } else {
          // TCP repeats after 1 s and 3 s, and the step has ended by then when both are lost.
          assertThat(lossy.loss()).as("seed %d: %s", seed, result).isPositive();
          late++;
        }
      }
    }
    assertThat(late).as("of %d", seed).isLessThanOrEqualTo((int) seed / 50);
  }
}
