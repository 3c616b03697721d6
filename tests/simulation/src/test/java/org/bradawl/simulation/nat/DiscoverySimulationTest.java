package org.bradawl.simulation.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bradawl.nat.Answer;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.DiscoverySettings;
import org.bradawl.nat.LegacyType;
import org.bradawl.nat.PortModel;
import org.bradawl.nat.Report;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.Host;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.NatSpecification.Hairpin;
import org.bradawl.simulation.NatSpecification.Pooling;
import org.bradawl.simulation.Packet;
import org.bradawl.simulation.PortAllocation;
import org.bradawl.simulation.Realm;
import org.bradawl.simulation.StunServer;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Discovery against every NAT of the model: what it claims is so, however the network behaves. */
class DiscoverySimulationTest {

  /** Each of 36 NATs with two chances of loss, over and over. */
  private static final int SEEDS = Integer.getInteger("bradawl.simulation.seeds", 30);

  private static final List<PortAllocation> ALLOCATIONS =
      List.of(
          new PortAllocation.Preserving(),
          new PortAllocation.Contiguous(1),
          new PortAllocation.BlockRandom(1024),
          new PortAllocation.Random());

  private static final List<Hairpin> HAIRPINS = List.of(Hairpin.values());

  /** A home behind one gateway, and a server on the internet. */
  private static final class World {
    final VirtualTime time;
    final Realm internet;
    final Realm home;
    final Host client;
    final StunServer server;

    World(long seed, LinkQuality quality) {
      time = new VirtualTime(seed);
      internet = new Realm(time, quality);
      home = new Realm(time, LinkQuality.lan());
      client = new Host(home, IpAddress.parse("192.168.1.2"));
      server =
          new StunServer(
              new Host(internet, IpAddress.parse("203.0.113.1")),
              new Host(internet, IpAddress.parse("203.0.113.2")));
    }

    World behind(GatewaySpecification gateway) {
      gateway.between(home, internet, List.of(IpAddress.parse("198.51.100.1")));
      return this;
    }

    Report discover() {
      return SimulatedDiscovery.run(client, server.address());
    }
  }

  static List<NatSpecification> nats() {
    List<NatSpecification> all = new ArrayList<>();
    for (EndpointBehavior mapping : EndpointBehavior.values()) {
      for (EndpointBehavior filtering : EndpointBehavior.values()) {
        ALLOCATIONS.forEach(ports -> all.add(NatSpecification.of(mapping, filtering).with(ports)));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("nats")
  void classifiesEveryNatRightlyOnAGoodNetwork(NatSpecification nat) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Hairpin hairpin = HAIRPINS.get(seed % HAIRPINS.size());
      World world = new World(seed, LinkQuality.internet()).behind(nat.with(hairpin));
      SimulatedDiscovery discovery =
          new SimulatedDiscovery(world.client, DiscoverySettings.of(world.server.address()));
      Report report = discovery.run();
      assertThat(isFullyKnown(report)).as("seed %d: %s", seed, report).isTrue();
      assertThat(discovery.took()).isLessThan(Duration.ofSeconds(2));
      assertNothingIsWrong(nat.with(hairpin), report, seed);
    }
  }

  @ParameterizedTest
  @MethodSource("nats")
  void neverClaimsWhatIsNotSoAtFivePercentLoss(NatSpecification nat) {
    int known = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Hairpin hairpin = HAIRPINS.get(seed % HAIRPINS.size());
      LinkQuality quality =
          LinkQuality.internet()
              .withLoss(0.05)
              .withDelay(Duration.ofMillis(5 + seed % 80), Duration.ofMillis(seed % 30));
      World world = new World(seed, quality).behind(nat.with(hairpin));
      SimulatedDiscovery discovery =
          new SimulatedDiscovery(world.client, DiscoverySettings.of(world.server.address()));
      Report report = discovery.run();
      assertThat(discovery.took()).isLessThanOrEqualTo(Duration.ofMillis(3_100));
      assertNothingIsWrong(nat.with(hairpin), report, seed);
      known += isFullyKnown(report) ? 1 : 0;
    }
    assertThat(known).as("fully known of %d", SEEDS).isGreaterThanOrEqualTo(SEEDS * 9 / 10);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.4, 0.7, 0.95})
  void heavyLossMakesItSilentNotWrong(double loss) {
    List<NatSpecification> nats = nats();
    for (int seed = 0; seed < SEEDS * 5; seed++) {
      NatSpecification nat = nats.get(seed % nats.size());
      LinkQuality quality =
          LinkQuality.internet()
              .withLoss(loss)
              .withDelay(Duration.ofMillis(seed % 400), Duration.ofMillis(seed % 100));
      Report report = new World(seed, quality).behind(nat).discover();
      assertNothingIsWrong(nat, report, seed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, -1, 4})
  void findsTheStepWhileNeighboursUseTheSameCounter(int step) {
    int right = 0;
    int known = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      NatSpecification nat = symmetric(new PortAllocation.Contiguous(step));
      World world = new World(seed, LinkQuality.internet()).behind(nat);
      neighbours(world, Duration.ofMillis(40));
      Report report = world.discover();
      assertThat(report.portAllocation().label()).isIn("contiguous", "unknown");
      if (report.portAllocation() instanceof PortModel.Contiguous contiguous) {
        known++;
        right += contiguous.step() == step ? 1 : 0;
      }
    }
    assertThat(known).isGreaterThanOrEqualTo(SEEDS * 9 / 10);
    assertThat(right).isGreaterThanOrEqualTo(known * 99 / 100);
  }

  @Test
  void seesParityAndSeveralAddresses() {
    World parity =
        new World(7, LinkQuality.internet())
            .behind(symmetric(new PortAllocation.Contiguous(1)).keepingParity());
    assertThat(parity.discover().portAllocation())
        .isInstanceOfSatisfying(
            PortModel.Contiguous.class, found -> assertThat(found.keepsParity()).isTrue());

    World pool = new World(8, LinkQuality.internet());
    symmetric(new PortAllocation.Random())
        .with(Pooling.ARBITRARY)
        .between(
            pool.home,
            pool.internet,
            IntStream.rangeClosed(1, 4)
                .mapToObj(last -> IpAddress.parse("198.51.100." + last))
                .toList());
    assertThat(pool.discover().severalAddresses()).isEqualTo(Answer.YES);
  }

  @Test
  void recognisesTheNaiveLinuxRouter() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Report report =
          new World(seed, LinkQuality.internet())
              .behind(LinuxRouterSpecification.naive())
              .discover();
      assertThat(report.mapping()).isEqualTo(Behavior.ENDPOINT_INDEPENDENT);
      assertThat(report.filtering()).isEqualTo(Behavior.ADDRESS_AND_PORT_DEPENDENT);
      assertThat(report.earlyPacketMovesPort()).isEqualTo(Answer.YES);
      Report firewalled =
          new World(seed, LinkQuality.internet())
              .behind(
                  NatSpecification.of(
                      EndpointBehavior.ENDPOINT_INDEPENDENT,
                      EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT))
              .discover();
      assertThat(firewalled.earlyPacketMovesPort()).isEqualTo(Answer.NO);
    }
  }

  @Test
  void aPublicHostHasNoNat() {
    World world = new World(3, LinkQuality.internet());
    Host open = new Host(world.internet, IpAddress.parse("198.51.100.77"));
    Report report = SimulatedDiscovery.run(open, world.server.address());
    assertThat(report.mapping()).isEqualTo(Behavior.NONE);
    assertThat(report.filtering()).isEqualTo(Behavior.NONE);
    assertThat(report.legacyType()).isEqualTo(LegacyType.OPEN_INTERNET);
  }

  @Test
  void aServerThatDoesNotUnderstandChangeRequestsProvesNothingAboutFilters() {
    World world = new World(4, LinkQuality.internet());
    StunServer simple =
        new StunServer(
            new Host(world.internet, IpAddress.parse("203.0.113.3")),
            new Host(world.internet, IpAddress.parse("203.0.113.4")),
            false);
    world.behind(
        NatSpecification.of(
            EndpointBehavior.ENDPOINT_INDEPENDENT, EndpointBehavior.ADDRESS_DEPENDENT));
    Report report = SimulatedDiscovery.run(world.client, simple.address());
    assertThat(report.filtering()).isEqualTo(Behavior.UNKNOWN);
    assertThat(report.mapping()).isEqualTo(Behavior.ENDPOINT_INDEPENDENT);
  }

  @Test
  void blockedUdpIsToldFromADeadServerByTcp() {
    World dead = new World(5, LinkQuality.internet());
    Report nothing =
        SimulatedDiscovery.run(
            dead.client, new TransportAddress(IpAddress.parse("203.0.113.99"), 3478));
    assertThat(nothing.udp()).isEqualTo(Answer.UNKNOWN);
    assertThat(nothing.legacyType()).isEqualTo(LegacyType.UNCLASSIFIED);

    World blocked = new World(6, LinkQuality.internet());
    blocked.home.leadOutThrough(packet -> {
      if (packet.protocol() == Packet.Protocol.TCP) {
        blocked.internet.send(packet);
      }
    });
    blocked.internet.attach(blocked.client.address(), blocked.client);
    Report report = blocked.discover();
    assertThat(report.udp()).isEqualTo(Answer.NO);
    assertThat(report.legacyType()).isEqualTo(LegacyType.UDP_BLOCKED);
  }

  @ParameterizedTest
  @MethodSource("nats")
  void classifiesTheMappingOfTcp(NatSpecification nat) {
    World world = new World(9, LinkQuality.internet()).behind(nat);
    Report report =
        new SimulatedDiscovery(world.client, DiscoverySettings.of(world.server.address()).withTcp())
            .run();
    assertThat(report.tcpMapping()).isEqualTo(expected(nat.mapping()));
  }

  private static NatSpecification symmetric(PortAllocation ports) {
    return NatSpecification.of(
            EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT,
            EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
        .with(ports);
  }

  /** Another host behind the same NAT opens a flow every so often, at random. */
  private static void neighbours(World world, Duration mean) {
    Host neighbour = new Host(world.home, IpAddress.parse("192.168.1.3"));
    Host sink = new Host(world.internet, IpAddress.parse("203.0.113.50"));
    new Object() {
      void open() {
        long wait = (long) (-Math.log(1 - world.time.random().nextDouble()) * mean.toNanos());
        world.time.after(
            Duration.ofNanos(wait),
            () -> {
              neighbour
                  .udp((_, _) -> {})
                  .send(new TransportAddress(sink.address(), 443), ByteBuffer.allocate(1));
              open();
            });
      }
    }.open();
  }

  private static boolean isFullyKnown(Report report) {
    return report.mapping() != Behavior.UNKNOWN
        && report.filtering() != Behavior.UNKNOWN
        && !(report.portAllocation() instanceof PortModel.Unknown);
  }

  private static void assertNothingIsWrong(NatSpecification nat, Report report, long seed) {
    String replay = "seed " + seed + ", " + nat + ": " + report;
    assertThat(report.mapping()).as(replay).isIn(expected(nat.mapping()), Behavior.UNKNOWN);
    assertThat(report.filtering()).as(replay).isIn(expected(nat.filtering()), Behavior.UNKNOWN);
    assertThat(report.portAllocation().label()).as(replay).isIn(expected(nat.ports()), "unknown");
    assertThat(report.hairpinning())
        .as(replay)
        .isIn(Answer.of(nat.hairpin() != Hairpin.NONE), Answer.UNKNOWN);
    report
        .hairpinSource()
        .ifPresent(source ->
            assertThat(source)
                .as(replay)
                .isEqualTo(
                    nat.hairpin() == Hairpin.INTERNAL_SOURCE
                        ? Report.HairpinSource.INTERNAL
                        : Report.HairpinSource.EXTERNAL));
    assertThat(report.earlyPacketMovesPort()).as(replay).isIn(Answer.NO, Answer.UNKNOWN);
    assertThat(report.udp()).as(replay).isNotEqualTo(Answer.NO);
  }

  private static Behavior expected(EndpointBehavior behavior) {
    return Arrays.stream(Behavior.values())
        .filter(candidate -> candidate.name().equals(behavior.name()))
        .findFirst()
        .orElseThrow();
  }

  private static String expected(PortAllocation ports) {
    return switch (ports) {
      case PortAllocation.Preserving _ -> "preserving";
      case PortAllocation.Contiguous _ -> "contiguous";
      case PortAllocation.BlockRandom _ -> "block-random";
      case PortAllocation.Random _ -> "random";
    };
  }
}
