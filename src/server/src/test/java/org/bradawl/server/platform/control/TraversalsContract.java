package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.platform.control.HistoryEntry.Attempt;
import org.bradawl.server.platform.control.HistoryEntry.PlannedAttempt;
import org.bradawl.server.platform.control.HistoryEntry.TraversalBrokered;
import org.bradawl.server.platform.control.HistoryEntry.TraversalReported;
import org.bradawl.server.traversals.control.AttemptRecord;
import org.bradawl.server.traversals.control.Lesson;
import org.bradawl.server.traversals.control.NatPair;
import org.bradawl.server.traversals.control.TraversalRecord;
import org.bradawl.server.traversals.control.TraversalStore;
import org.junit.jupiter.api.Test;

/** What the server expects of its database for traversals and what they taught. */
interface TraversalsContract extends OnDatabase {

  @Test
  default void traversalsAreKeptWithWhatWasTried() {
    TraversalReported told = traversal(UUID.randomUUID(), "alice", "bob", true, "punched", NOW);
    for (int i = 0; i < 2; i++) {
      database().run(em -> new TraversalStore(em).write(told, "full-cone", "symmetric"));
    }

    assertThat(
            database()
                .<Optional<TraversalRecord>>call(em -> new TraversalStore(em).find(told.id())))
        .hasValueSatisfying(kept -> {
          assertThat(kept.path()).isEqualTo("punched");
          assertThat(kept.initiatorNat()).isEqualTo("full-cone");
          assertThat(kept.finished()).isEqualTo(told.finished());
        });
    assertThat(
            database()
                .<List<String>>call(em ->
                    new TraversalStore(em)
                        .attempts(told.id()).stream()
                            .map(a ->
                                a.ordinal() + " " + a.kind() + " " + a.outcome() + " " + a.millis())
                            .toList()))
        .containsExactly("0 host failed 20", "1 srflx succeeded 35");
    assertThat(
            database()
                .<Slice<TraversalRecord>>call(
                    em -> new TraversalStore(em).list("traversals", "bob", 0, 10))
                .total())
        .isEqualTo(1);
  }

  @Test
  default void natPairsAreCountedByPath() {
    Instant later = NOW.plus(2000, ChronoUnit.DAYS);
    database()
        .run(em -> {
          TraversalStore store = new TraversalStore(em);
          store.write(traversal(UUID.randomUUID(), "a", "b", true, "punched", later), "x", "y");
          store.write(traversal(UUID.randomUUID(), "a", "b", true, "punched", later), "x", "y");
          store.write(traversal(UUID.randomUUID(), "a", "b", false, "", later), "x", "y");
        });

    assertThat(database().<List<NatPair>>call(em -> new TraversalStore(em).natPairs(later)))
        .containsExactly(new NatPair("x", "y", "", 1), new NatPair("x", "y", "punched", 2));
  }

  private static TraversalReported traversal(
      UUID id, String initiator, String responder, boolean connected, String path, Instant start) {
    return new TraversalReported(
        id,
        "traversals",
        initiator,
        responder,
        start,
        start.plusMillis(60),
        connected,
        path,
        "udp",
        "10.0.0.1:1",
        "192.0.2.9:2",
        "because",
        "{}",
        List.of(
            new Attempt("host", "10.0.0.1:1", "10.0.0.2:2", "failed", Duration.ofMillis(20), ""),
            new Attempt(
                "srflx", "10.0.0.1:1", "192.0.2.9:2", "succeeded", Duration.ofMillis(35), "")));
  }

  @Test
  default void plannedTraversalsAreKeptOnceWithWhatTheyTaught() {
    UUID id = UUID.randomUUID();
    TraversalReported told =
        new TraversalReported(
            id,
            "brokered",
            "alice",
            "bob",
            NOW,
            NOW.plusMillis(90),
            true,
            "punched",
            "udp",
            "",
            "192.0.2.9:2",
            "because",
            "{}",
            List.of());
    TraversalBrokered brokered =
        new TraversalBrokered(
            told,
            1,
            "connected",
            "full-cone",
            "symmetric",
            "endpoint-independent/none/preserving",
            "address-dependent/none/random",
            Optional.of(Duration.ofMillis(40)),
            "alice and bob are connected.\nalice has no NAT.",
            List.of(
                new PlannedAttempt(
                    new Attempt("punched", "", "", "succeeded", Duration.ofMillis(90), ""),
                    "udp",
                    Duration.ZERO,
                    true),
                new PlannedAttempt(
                    new Attempt("relayed", "", "", "not-needed", Duration.ZERO, ""),
                    "udp",
                    Duration.ofSeconds(1),
                    false)));

    for (int i = 0; i < 2; i++) {
      database().run(em -> new TraversalStore(em).write(brokered));
    }

    TraversalRecord kept =
        database()
            .<Optional<TraversalRecord>>call(em -> new TraversalStore(em).find(id))
            .orElseThrow();
    assertThat(kept.ending()).isEqualTo("connected");
    assertThat(kept.attempt()).isEqualTo(1);
    assertThat(kept.relayedMillis()).isEqualTo(40);
    assertThat(kept.explanation().lines()).hasSize(2);
    assertThat(database().<List<AttemptRecord>>call(em -> new TraversalStore(em).attempts(id)))
        .extracting(AttemptRecord::transport, AttemptRecord::startedMillis)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("udp", 0L),
            org.assertj.core.groups.Tuple.tuple("udp", 1_000L));
    int day = (int) (NOW.getEpochSecond() / 86_400);
    assertThat(database().<List<Lesson>>call(em -> new TraversalStore(em).lessons(NOW)))
        .containsExactly(
            new Lesson(
                "endpoint-independent/none/preserving",
                "address-dependent/none/random",
                "punched",
                "udp",
                "succeeded",
                day,
                1));
    assertThat(
            database()
                .<List<Lesson>>call(
                    em -> new TraversalStore(em).lessons(NOW.plus(Duration.ofDays(2)))))
        .isEmpty();
  }
}
