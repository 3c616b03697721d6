package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.SECOND;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hours of virtual time from each seed. To replay a failure: {@code
 * -Dbradawl.simulation.seed=SEED}; to look further: {@code -Dbradawl.simulation.seeds=COUNT}.
 */
class SimulationTest {

  private static final String SEEDS = "bradawl.simulation.seeds";
  private static final String SEED = "bradawl.simulation.seed";

  static LongStream seeds() {
    Long replay = Long.getLong(SEED);
    return replay == null
        ? LongStream.rangeClosed(1, Long.getLong(SEEDS, 8))
        : LongStream.of(replay);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everythingHoldsAfterEveryEvent(long seed) {
    Simulation simulation = new Simulation(seed);
    try {
      live(simulation);
      end(simulation);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("replay with -D" + SEED + "=" + seed, e);
    }
  }

  private static void live(Simulation simulation) {
    SimulatedClient.Rumours rumours = new SimulatedClient.Rumours();
    for (int i = 0; i < 14; i++) {
      FiveTuple path =
          new FiveTuple(
              i % 4 == 3 ? FiveTuple.Transport.TCP : FiveTuple.Transport.UDP,
              Bench.SERVER,
              new TransportAddress(Bench.ALICE.client().address(), 2000 + i));
      String user = List.of("alice", "bob", "carol", "dave").get(i % 4);
      simulation.after(i * SECOND, () -> new SimulatedClient(simulation, path, user, rumours));
    }
    SimulatedStreamClient.Rumours others = new SimulatedStreamClient.Rumours();
    for (int i = 0; i < 5; i++) {
      FiveTuple path =
          new FiveTuple(
              FiveTuple.Transport.TCP,
              Bench.SERVER,
              new TransportAddress(Bench.ALICE.client().address(), 3000 + i));
      String user = List.of("alice", "bob", "carol").get(i % 3);
      simulation.after(i * SECOND, () -> new SimulatedStreamClient(simulation, path, user, others));
    }
    simulation.after(600 * SECOND, () -> administer(simulation));
    simulation.after(1800 * SECOND, () -> simulation.revokeBob(true));
    simulation.after(2400 * SECOND, () -> simulation.revokeBob(false));
    simulation.run(Duration.ofHours(2));

    Oracle oracle = simulation.oracle;
    for (String what :
        List.of(
            "ALLOCATE 0",
            "ALLOCATE 401",
            "ALLOCATE 508",
            "REFRESH 0",
            "CREATE_PERMISSION 0",
            "CREATE_PERMISSION 403",
            "CHANNEL_BIND 0",
            "CHANNEL_BIND 400",
            "REFRESH 420",
            "BINDING 0",
            "mapped",
            "credentials changed",
            "data indication",
            "channel data",
            "data to a peer",
            "data to another relay",
            "retransmission answered",
            "CREATE_PERMISSION 443",
            "both families",
            "one family let go",
            "a hidden name",
            "an open name",
            "protected by SHA1",
            "protected by SHA256",
            "about to move",
            "moved",
            "handed over",
            "CONNECT 0",
            "CONNECT 403",
            "CONNECT 446",
            "CONNECT 447",
            "CONNECTION_BIND 0",
            "CONNECTION_BIND 400",
            "peer admitted",
            "peer turned away",
            "connection attempt",
            "joined",
            "joined too late",
            "stream data",
            "ended EXPIRED",
            "ended RELEASED",
            "ended ADMIN")) {
      assertThat(oracle.seen(what)).as(what).isPositive();
    }
  }

  /** Ends an allocation at random, again and again. */
  private static void administer(Simulation simulation) {
    SimulatedShard shard =
        simulation.shards.get(simulation.random.nextInt(simulation.shards.size()));
    List<AllocationView> views = shard.server.allocations();
    if (!views.isEmpty()) {
      shard.server.endAllocation(views.getFirst().info().id(), EndReason.ADMIN, simulation.now());
    }
    if (simulation.random.nextInt(2) == 0) {
      simulation.policy();
    }
    simulation.after(600 * SECOND, () -> administer(simulation));
  }

  private static void end(Simulation simulation) {
    for (SimulatedShard shard : simulation.shards) {
      shard.server.endAll(EndReason.SHUTDOWN, simulation.now());
      assertThat(shard.server.deadlineNanos()).isEqualTo(StunTurnServer.NO_DEADLINE);
    }
    assertThat(simulation.shared.relayAddresses().size()).isZero();
    assertThat(simulation.shared.connections().size()).isZero();
    assertThat(simulation.shared.connections().relayAddresses().size()).isZero();
    assertThat(simulation.shared.quota().total())
        .as("places given back, but for those whose sockets are on their way")
        .isEqualTo(simulation.shards.stream().mapToInt(SimulatedShard::opening).sum());
    assertThat(simulation.shared.mobility().size()).as("paths that lead elsewhere").isZero();
    assertThat(simulation.shared.bandwidth().scopes()).isZero();
    assertThat(simulation.shared.reservations().size()).isZero();
  }
}
