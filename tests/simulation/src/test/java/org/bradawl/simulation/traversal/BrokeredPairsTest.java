package org.bradawl.simulation.traversal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bradawl.nat.Tree;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.PortAllocation;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.broker.MeetingRecord;
import org.bradawl.traversal.frame.Ending;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.Standing;
import org.junit.jupiter.api.Test;

/**
 * The server's broker between the real machines of two peers behind modelled NATs: honest ones,
 * ones whose signaling breaks, ones that vanish, ones that lie. {@link TwoHomes} checks after every
 * event that nobody writes to a stranger.
 */
class BrokeredPairsTest {

  private static final int PAIRS = 40 * Integer.getInteger("bradawl.simulation.seeds", 3);

  /** From the request to the end a side hears and says a dozen, with probes and echoes. */
  private static final int FRAMES = 14;

  private static final TransportAddress VICTIM = Tree.endpointOf("192.0.2.99:53").orElseThrow();

  private static NatSpecification nat(SplittableRandom random) {
    List<EndpointBehavior> all = List.of(EndpointBehavior.values());
    NatSpecification nat =
        NatSpecification.of(all.get(random.nextInt(3)), all.get(random.nextInt(3)));
    return switch (random.nextInt(3)) {
      case 0 -> nat.with(new PortAllocation.Preserving());
      case 1 -> nat.with(new PortAllocation.Contiguous(1));
      default -> nat.with(new PortAllocation.Random());
    };
  }

  private static Brokered world(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Brokered(new TwoHomes(seed, LinkQuality.internet(), nat(random), nat(random)));
  }

  @Test
  void everyPairEndsOnceAndAsThePeersFoundIt() {
    Map<Method, Integer> paths = new EnumMap<>(Method.class);
    int disagreed = 0;
    for (int seed = 0; seed < PAIRS; seed++) {
      Brokered world = world(seed);
      MeetingRecord record = world.begin().finish();
      if (record.ending() == Ending.DISAGREED) {
        disagreed++;
        continue;
      }
      assertThat(record.ending().isConnected()).as("seed %d: %s", seed, record).isTrue();
      Method path = record.path().orElseThrow();
      paths.merge(path, 1, Integer::sum);
      assertThat(world.alice().hasPath(path)).as("seed %d", seed).isTrue();
      assertThat(world.alice().ended()).isEqualTo(world.bob().ended());
      assertThat(world.alice().taken().orElseThrow().standing()).isEqualTo(Standing.CONFIRMED);
      assertThat(record.explanation()).isNotEmpty();
    }
    assertThat(paths).containsKeys(Method.PUNCH, Method.PREDICT, Method.RELAY);
    assertThat(disagreed).isLessThanOrEqualTo(PAIRS / 40);
  }

  @Test
  void aLostSignalingConnectionDelaysButDoesNotEnd() {
    int connected = 0;
    for (int seed = 0; seed < PAIRS; seed++) {
      Brokered world = world(seed).begin();
      SplittableRandom random = new SplittableRandom(~seed);
      world.run(Duration.ofMillis(random.nextInt(400)));
      BrokeredPeer loser = random.nextBoolean() ? world.alice() : world.bob();
      loser.lose(Duration.ofMillis(100 + random.nextInt(900)));
      MeetingRecord record = world.finish();
      assertThat(record.ending())
          .as("seed %d", seed)
          .isNotIn(Ending.PEER_GONE, Ending.CANCELLED, Ending.REFUSED);
      connected += record.ending().isConnected() ? 1 : 0;
    }
    // A frame lost in the worst moment costs its step, and now and then the whole.
    assertThat(connected).isGreaterThanOrEqualTo(PAIRS * 8 / 10);
  }

  /** Whichever frame is lost with the connection: both say it again, and neither minds. */
  @Test
  void aConnectionCutAtAnyFrameLosesNothing() {
    Map<String, Integer> endings = new TreeMap<>();
    for (int seed = 0; seed < PAIRS; seed++) {
      Brokered world = world(seed);
      BrokeredPeer loser = seed % 2 == 0 ? world.alice() : world.bob();
      int frame = 1 + seed / 2 % FRAMES;
      world.begin(() -> loser.cutAt(frame));
      MeetingRecord record = world.finish();
      endings.merge(record.ending().label(), 1, Integer::sum);
      assertThat(world.alice().ended())
          .as("seed %d", seed)
          .isPresent()
          .isEqualTo(world.bob().ended());
    }
    assertThat(endings).containsOnlyKeys("connected", "relayed");
  }

  @Test
  void whoeverIsLeftBehindIsToldSo() {
    for (int seed = 0; seed < PAIRS / 2; seed++) {
      Brokered world = world(seed).begin();
      world.run(Duration.ofMillis(30 + 10L * (seed % 20)));
      boolean over = !world.records().isEmpty();
      world.bob().vanish();
      MeetingRecord record = world.finish();
      if (!over) {
        assertThat(record.ending()).as("seed %d", seed).isEqualTo(Ending.PEER_GONE);
        assertThat(record.lessons()).isEmpty();
        assertThat(world.alice().ended().orElseThrow().explanation().getFirst())
            .isEqualTo("It ended because bob left.");
      }
    }
  }

  /** Whatever it claims, nobody but the two homes is ever written to: see {@link TwoHomes}. */
  @Test
  void aLiarHarmsNobody() {
    for (int seed = 0; seed < PAIRS / 2; seed++) {
      Brokered world = world(seed);
      world.bob().saying(BrokeredPairsTest::lie);
      MeetingRecord record = world.begin().finish();
      assertThat(record.ending()).as("seed %d", seed).isNotNull();
    }
  }

  private static FromPeer lie(FromPeer frame) {
    return switch (frame) {
      case FromPeer.Host host ->
          new FromPeer.Host(
              host.id(), List.of(VICTIM), host.gateway(), Optional.of(VICTIM), host.abilities());
      case FromPeer.Ready ready ->
          new FromPeer.Ready(
              ready.traversal(),
              new Preparation(
                  ready.preparation().step(),
                  List.of(VICTIM, VICTIM),
                  Optional.of(new Preparation.Range(VICTIM, 65_000))));
      case FromPeer.NatReport _, FromPeer.Echo _, FromPeer.Connect _, FromPeer.About _ -> frame;
    };
  }
}
