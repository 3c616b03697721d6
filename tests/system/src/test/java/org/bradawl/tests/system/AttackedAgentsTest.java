package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentSettings;
import org.bradawl.agent.Connection;
import org.bradawl.agent.Event;
import org.bradawl.agent.WayWishes;
import org.bradawl.agent.path.Path;
import org.bradawl.agent.server.ServerAddress;
import org.bradawl.agent.tunnel.Duplex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real agents, as a library in one process with much else, beside an {@link Attack} on them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AttackedAgentsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final byte[] PAGE = page();

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final String suffix = UUID.randomUUID().toString().substring(0, 8);

  private static byte[] page() {
    byte[] bytes = new byte[500_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private Agent enter(String name) throws Exception {
    return Agent.start(
        AgentSettings.of(
                new ServerAddress.Web(RunningServer.get().address()),
                Optional.of(RunningServer.CHAT_KEY),
                name + "-" + suffix)
            .with(new WayWishes(false, Optional.of(Set.of("local")), Optional.of(Set.of("udp")))),
        events::add);
  }

  private static void read(Connection connection) throws Exception {
    Duplex stream = connection.open(Map.of("open", "page"));
    stream.out().close();
    assertThat(stream.in().readAllBytes()).as("the page, byte by byte").isEqualTo(PAGE);
  }

  private static void untilItRages(Attack attack) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (attack.replayed() < 200 || attack.connections() < 100 || attack.sent() < 2_000) {
      assertThat(System.nanoTime()).as("%s", attack).isLessThan(deadline);
      LockSupport.parkNanos(10_000_000L);
    }
  }

  @Test
  void anHonestPairConnectsAndTransfersAndNobodyElseIsWrittenTo() throws Exception {
    try (Agent home = enter("home");
        Agent alice = enter("alice")) {
      home.listen(
          _ -> true,
          (_, _, stream) -> {
            try (var out = stream.out()) {
              out.write(PAGE);
            }
          });
      try (Connection before = alice.connect("home-" + suffix, PATIENCE)) {
        Path path = before.path().orElseThrow();
        read(before);
        List<InetSocketAddress> victims =
            List.of(path.remote().toSocketAddress(), path.local().toSocketAddress());
        try (Attack attack = new Attack("home-" + suffix, victims)) {
          untilItRages(attack);
          for (int i = 0; i < 2; i++) {
            read(before);
          }
          try (Agent bob = enter("bob");
              Connection during = bob.connect("home-" + suffix, PATIENCE)) {
            assertThat(during.path().orElseThrow().label()).isEqualTo("local");
            read(during);
          }
          assertThat(attack.reachedBystander()).isZero();
          // An answer for each replay from an address that the server has seen the attacker at, and
          // the checks of the one traversal: nothing that would be worth a detour.
          assertThat(attack.answers()).isLessThanOrEqualTo(attack.replayed() + 64);
        }
        assertThat(before.path()).contains(path);
      }
      assertThat(events).extracting(Event::name).contains("connected").doesNotContain("path-lost");
    }
  }
}
