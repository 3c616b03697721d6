package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many clients, broken connections, late notices, repeated frames; what must hold is checked after
 * every event. A failure names its seed: it replays exactly.
 */
class ExchangeSimulationTest {

  private static final int PEERS = 8;
  private static final int EVENTS = 6_000;

  private static final Limits LIMITS =
      new Limits(
          2_048,
          1_000,
          4_000,
          4,
          8,
          4,
          12,
          4_096,
          20_000,
          16,
          100,
          Duration.ofSeconds(25),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(2));

  private final List<SimulatedClient> clients = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void nothingIsLostDoubledOrDisordered(long seed) {
    Random random = new Random(seed);
    Exchange exchange = exchange(seed);
    SimulatedNetwork network = new SimulatedNetwork(exchange, random);
    for (int i = 0; i < PEERS; i++) {
      clients.add(new SimulatedClient("peer" + i, random));
    }
    // Half of the runs have clients that forget their sessions, so that failing back is seen too.
    boolean forgetful = seed % 2 == 0;
    for (int event = 0; event < EVENTS; event++) {
      happen(network, exchange, random, forgetful);
      check(exchange, "seed %d, event %d".formatted(seed, event));
    }
    settle(network, exchange, seed);
    checkTheEnd(exchange, forgetful, seed);
  }

  private static Exchange exchange(long seed) {
    SessionListener nobody =
        new SessionListener() {
          @Override
          public void started(String peer, String session) {}

          @Override
          public void lost(String peer, String session) {}

          @Override
          public void ended(String peer, String session, String reason) {}
        };
    return new Exchange(LIMITS, new Random(seed), () -> Instant.EPOCH, nobody);
  }

  private void happen(
      SimulatedNetwork network, Exchange exchange, Random random, boolean forgetful) {
    SimulatedClient client = clients.get(random.nextInt(PEERS));
    int chance = random.nextInt(1_000);
    if (chance < 150) {
      client.offer("peer" + random.nextInt(PEERS));
    } else if (chance < 200) {
      client.acknowledge();
    } else if (chance < 215) {
      client.repeat();
    } else if (chance < 225) {
      network.breakFor(client);
    } else if (chance < 255) {
      if (!network.connected(client) || chance < 228) {
        network.connect(client);
      }
    } else if (chance < 257 && forgetful) {
      client.forget();
      network.connect(client);
    } else if (chance < 262) {
      client.say("{\"type\":\"join\",\"room\":\"r\"}");
    } else if (chance < 266) {
      client.say("{\"type\":\"watch\",\"peer\":\"peer1\"}");
    } else if (chance < 270) {
      network.now += random.nextLong(forgetful ? 30_000_000_000L : 100_000_000L);
      exchange.advance(network.now);
    } else {
      network.step();
    }
  }

  /** Everybody comes back, says what is left to say, and the network runs dry. */
  private void settle(SimulatedNetwork network, Exchange exchange, long seed) {
    for (int round = 0; round < 400; round++) {
      clients.stream().filter(c -> !network.connected(c)).forEach(network::connect);
      int steps = 0;
      while (network.step()) {
        check(exchange, "seed %d, settling".formatted(seed));
        assertThat(steps++).as("seed %d: no end of frames", seed).isLessThan(200_000);
      }
      clients.forEach(SimulatedClient::acknowledge);
      if (clients.stream().noneMatch(c -> c.owesAcknowledgement() || c.hasUnresolved())
          && !network.step()) {
        return;
      }
    }
    throw new AssertionError("seed " + seed + ": some messages were never resolved");
  }

  private void check(Exchange exchange, String when) {
    ExchangeStatistics statistics = exchange.statistics();
    assertThat(statistics.keptChars()).as(when).isBetween(0L, LIMITS.totalChars() + 4_096L);
    for (PeerView peer : exchange.peers()) {
      assertThat(peer.queued()).as(when).isLessThanOrEqualTo(2 * LIMITS.queue() + 1);
    }
    for (SimulatedClient client : clients) {
      for (String payload : client.delivered) {
        assertThat(dealtWith(payload)).as("%s: %s is called delivered", when, payload).isTrue();
      }
    }
  }

  private boolean dealtWith(String payload) {
    return receiver(payload).dealtWith.contains(payload);
  }

  private SimulatedClient receiver(String payload) {
    String name = payload.substring(payload.indexOf('>') + 1, payload.indexOf('#'));
    return clients.stream().filter(c -> c.peer.equals(name)).findFirst().orElseThrow();
  }

  private void checkTheEnd(Exchange exchange, boolean forgetful, long seed) {
    int delivered = 0;
    Set<String> codes = new HashSet<>();
    for (SimulatedClient client : clients) {
      checkOrder(client, seed);
      delivered += client.delivered.size();
      codes.addAll(client.failed.values());
      client.failed.forEach((payload, code) -> {
        assertThat(client.delivered).as("seed %d", seed).doesNotContain(payload);
        boolean mayHaveBeenSeen = code.equals(FailureCode.PEER_UNAVAILABLE.wire());
        assertThat(mayHaveBeenSeen || !dealtWith(payload))
            .as("seed %d: %s failed as %s but arrived", seed, payload, code)
            .isTrue();
      });
    }
    assertThat(exchange.statistics().keptChars()).as("seed %d", seed).isZero();
    assertThat(delivered).as("the run was no run, seed %d", seed).isGreaterThan(300);
    assertThat(exchange.statistics().resumed()).as("seed %d", seed).isGreaterThan(20);
    assertThat(codes).as("seed %d", seed).contains("peer-unavailable");
    assertThat(exchange.statistics().replaced() > 0).as("seed %d", seed).isEqualTo(forgetful);
  }

  /**
   * Each payload once, and those of one session of a sender to this client in the sender's order.
   */
  private static void checkOrder(SimulatedClient client, long seed) {
    assertThat(client.got).as("seed %d, %s", seed, client.peer).doesNotHaveDuplicates();
    Map<String, Long> last = new HashMap<>();
    for (String payload : client.got) {
      int mark = payload.indexOf('#');
      long seq = Long.parseLong(payload.substring(mark + 1));
      Optional.ofNullable(last.put(payload.substring(0, mark), seq))
          .ifPresent(
              before -> assertThat(seq).as("seed %d: %s", seed, payload).isGreaterThan(before));
    }
  }
}
