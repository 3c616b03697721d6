package org.bradawl.simulation.traversal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.bradawl.nat.Report;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.Host;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.NatSpecification.Unsolicited;
import org.bradawl.simulation.PortAllocation;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Policy;
import org.junit.jupiter.api.Test;

/**
 * Any two NATs, any network, from a seed. After every event {@link TwoHomes} checks that nobody is
 * written to but the server and the peer; here it is checked how it ended.
 */
class RandomPairsTest {

  private static final int PAIRS = 200 * Integer.getInteger("bradawl.simulation.seeds", 3);

  private static final List<EndpointBehavior> BEHAVIORS = List.of(EndpointBehavior.values());

  private static GatewaySpecification gateway(RandomGenerator random) {
    if (random.nextInt(10) == 0) {
      return LinuxRouterSpecification.naive();
    }
    PortAllocation ports =
        switch (random.nextInt(5)) {
          case 0 -> new PortAllocation.Preserving();
          case 1 -> new PortAllocation.Contiguous(1 + random.nextInt(4));
          case 2 -> new PortAllocation.Contiguous(-1 - random.nextInt(2));
          case 3 -> new PortAllocation.BlockRandom(512 << random.nextInt(3));
          default -> new PortAllocation.Random();
        };
    NatSpecification nat =
        NatSpecification.of(BEHAVIORS.get(random.nextInt(3)), BEHAVIORS.get(random.nextInt(3)))
            .with(ports);
    return random.nextInt(4) == 0 ? nat.with(Unsolicited.REFUSAL) : nat;
  }

  private static LinkQuality quality(RandomGenerator random) {
    return LinkQuality.internet()
        .withLoss(0.03 * random.nextInt(3))
        .withDelay(
            Duration.ofMillis(2 + random.nextInt(120)), Duration.ofMillis(random.nextInt(15)))
        .withReorder(0.01 * random.nextInt(3));
  }

  @Test
  void everyPairEndsTheSameOnBothSidesAndHarmsNobody() {
    Map<Method, Integer> paths = new EnumMap<>(Method.class);
    int disagreements = 0;
    for (int seed = 0; seed < PAIRS; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      TwoHomes world = new TwoHomes(seed, quality(random), gateway(random), gateway(random));
      Meeting.Result result = world.meet(Policy.usual());
      disagreements += result.isAgreed() ? 0 : 1;
      switch (result.initiator()) {
        case Outcome.Connected connected -> paths.merge(connected.step().method(), 1, Integer::sum);
        case Outcome.Relayed relayed -> paths.merge(relayed.step().method(), 1, Integer::sum);
        case Outcome.Failed failed ->
            throw new AssertionError("seed " + seed + ": relaying always works: " + failed);
      }
    }
    // A nomination may be lost twenty times over; then one side has the path and the other not yet.
    assertThat(disagreements).isLessThanOrEqualTo(PAIRS / 200);
    assertThat(paths).containsKeys(Method.PUNCH, Method.PREDICT, Method.SEARCH, Method.RELAY);
    assertThat(paths.get(Method.PUNCH)).isGreaterThan(PAIRS / 2);
  }

  @Test
  void predictionKeepsUpWithNeighboursOnBothSides() {
    NatSpecification counting =
        NatSpecification.of(
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT,
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
            .with(new PortAllocation.Contiguous(1));
    int direct = 0;
    int runs = PAIRS / 6;
    for (int seed = 0; seed < runs; seed++) {
      TwoHomes world = new TwoHomes(seed, LinkQuality.internet(), counting, counting);
      Report left = world.initiator().discover();
      Report right = world.responder().discover();
      neighbours(world.initiator().host());
      neighbours(world.responder().host());
      Meeting.Result result =
          new Meeting(world.initiator(), world.responder(), Policy.usual()).run(left, right, 0);
      direct += result.initiator() instanceof Outcome.Connected ? 1 : 0;
    }
    assertThat(direct).as("of %d", runs).isGreaterThanOrEqualTo(runs * 9 / 10);
  }

  /** Another host of the home opens ten flows a second, at random. */
  private static void neighbours(Host host) {
    Host neighbour = new Host(host.realm(), IpAddress.parse("192.168.1.9"));
    new Object() {
      void open() {
        double exponential = -Math.log(1 - host.realm().time().random().nextDouble());
        host.realm()
            .time()
            .after(
                Duration.ofNanos((long) (exponential * 100_000_000L)),
                () -> {
                  neighbour
                      .udp((_, _) -> {})
                      .send(
                          new TransportAddress(IpAddress.parse("203.0.113.1"), 443),
                          ByteBuffer.allocate(1));
                  open();
                });
      }
    }.open();
  }

  @Test
  void aFalseReportCostsThePathAndNothingElse() {
    NatSpecification strict =
        NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT);
    NatSpecification random =
        NatSpecification.of(
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT,
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
            .with(new PortAllocation.Random());
    TwoHomes world = new TwoHomes(1, LinkQuality.internet(), random, random);
    Report claimed = new TwoHomes(2, LinkQuality.internet(), strict, strict).initiator().discover();
    Meeting.Result result =
        new Meeting(world.initiator(), world.responder(), Policy.usual()).run(claimed, claimed, 0);
    assertThat(result.path()).isEqualTo("relayed");
    assertThat(result.isAgreed()).isTrue();
  }

  @Test
  void whatIsNotKnownIsStillTried() {
    NatSpecification cone =
        NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT);
    TwoHomes world = new TwoHomes(3, LinkQuality.internet(), cone, cone);
    Meeting.Result result =
        new Meeting(world.initiator(), world.responder(), Policy.usual())
            .run(Report.unknown(), Report.unknown(), 0);
    assertThat(result.path()).isEqualTo("punched");
  }
}
