package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.bradawl.server.allocations.control.RelaySessionRecord;
import org.bradawl.server.allocations.control.RelaySessionStore;
import org.bradawl.server.allocations.control.RelayTotals;
import org.bradawl.server.platform.control.HistoryEntry.RelayEnded;
import org.bradawl.server.platform.control.HistoryEntry.RelaySession;
import org.bradawl.server.platform.control.HistoryEntry.RelayStarted;
import org.bradawl.server.platform.control.HistoryEntry.RelayTold;
import org.junit.jupiter.api.Test;

/** What the server expects of its database for the relay's sessions. */
interface RelaySessionsContract extends OnDatabase {

  @Test
  default void relaySessionsAreKeptOnceHoweverOftenTheyAreTold() {
    RelaySession session = session("once");
    RelayEnded ended = new RelayEnded(session, NOW.plusSeconds(60), 1000, 10, 2000, 20, "expired");

    for (int i = 0; i < 2; i++) {
      database()
          .run(em -> {
            RelaySessionStore store = new RelaySessionStore(em);
            store.write(List.of(new RelayStarted(session)));
            store.write(List.of(ended));
          });
    }
    tell(new RelayStarted(session));
    tell(new RelayStarted(session), ended);
    tell(ended, ended);

    assertThat(relaySessions("once"))
        .containsExactly(
            new RelaySessionRecord(
                "once",
                "app/once",
                "app",
                "once",
                "192.0.2.1:1000",
                "192.0.2.2:50000",
                "[2001:db8::2]:50000",
                "udp",
                NOW,
                NOW.plusSeconds(60),
                1000,
                10,
                2000,
                20,
                "expired"));
  }

  @Test
  default void anEndWhoseBeginningWasLostIsWholeInItself() {
    RelaySession session = session("end-only");
    tell(new RelayEnded(session, NOW.plusSeconds(1), 1, 1, 0, 0, "released"));

    assertThat(relaySessions("end-only"))
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.started()).isEqualTo(NOW);
          assertThat(kept.endReason()).isEqualTo("released");
        });
  }

  @Test
  default void sessionsThatACrashLeftOpenAreClosedWithAnHonestReason() {
    RelaySession session = session("crashed");
    tell(new RelayStarted(session));
    assertThat(relaySessions("crashed").getFirst().ended()).isNull();

    int closed = database().call(em -> new RelaySessionStore(em).closeLost(NOW.plusSeconds(99)));

    assertThat(closed).isPositive();
    assertThat(relaySessions("crashed"))
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.ended()).isEqualTo(NOW.plusSeconds(99));
          assertThat(kept.endReason()).isEqualTo("server-lost");
        });
  }

  @Test
  default void totalsSumWhatEndedSince() {
    Instant later = NOW.plus(1000, ChronoUnit.DAYS);
    for (String id : List.of("sum-1", "sum-2")) {
      tell(new RelayEnded(session(id), later, 10, 1, 20, 2, "expired"));
    }

    assertThat(database().<RelayTotals>call(em -> new RelaySessionStore(em).totals(later)))
        .isEqualTo(new RelayTotals(2, 20, 2, 40, 4));
    assertThat(
            database()
                .<RelayTotals>call(em -> new RelaySessionStore(em).totals(later.plusSeconds(1))))
        .isEqualTo(new RelayTotals(0, 0, 0, 0, 0));
  }

  private List<RelaySessionRecord> relaySessions(String peer) {
    return database()
        .<Slice<RelaySessionRecord>>call(em -> new RelaySessionStore(em).list(0, 1000))
        .items()
        .stream()
        .filter(session -> session.peer().equals(peer))
        .toList();
  }

  private static RelaySession session(String id) {
    return new RelaySession(
        id,
        "app/" + id,
        "app",
        id,
        "192.0.2.1:1000",
        "192.0.2.2:50000",
        "[2001:db8::2]:50000",
        "udp",
        NOW);
  }

  @Test
  default void sessionsOfABatchAreToldApart() {
    RelaySession open = session("batch-open");
    RelaySession whole = session("batch-whole");
    RelaySession older = session("batch-older");
    RelaySession headless = session("batch-headless");
    RelaySession half = session("batch-half");
    tell(new RelayStarted(older), new RelayStarted(half));

    for (int i = 0; i < 2; i++) {
      tell(
          new RelayStarted(open),
          new RelayStarted(whole),
          new RelayEnded(older, NOW.plusSeconds(2), 3, 2, 1, 1, "expired"),
          new RelayStarted(half), // its first telling may have been taken for lost
          new RelayEnded(whole, NOW.plusSeconds(1), 9, 8, 7, 6, "released"),
          new RelayEnded(headless, NOW.plusSeconds(3), 1, 1, 0, 0, "revoked"),
          new RelayEnded(half, NOW.plusSeconds(4), 5, 4, 0, 0, "connection-lost"));
    }

    assertThat(relaySessions("batch-open"))
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.ended()).isNull();
          assertThat(kept.endReason()).isNull();
        });
    assertThat(relaySessions("batch-whole"))
        .containsExactly(
            new RelaySessionRecord(
                "batch-whole",
                "app/batch-whole",
                "app",
                "batch-whole",
                "192.0.2.1:1000",
                "192.0.2.2:50000",
                "[2001:db8::2]:50000",
                "udp",
                NOW,
                NOW.plusSeconds(1),
                9,
                8,
                7,
                6,
                "released"));
    assertThat(relaySessions("batch-older"))
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.bytesUp()).isEqualTo(3);
          assertThat(kept.endReason()).isEqualTo("expired");
        });
    assertThat(relaySessions("batch-headless"))
        .singleElement()
        .satisfies(kept -> assertThat(kept.ended()).isEqualTo(NOW.plusSeconds(3)));
    assertThat(relaySessions("batch-half"))
        .singleElement()
        .satisfies(kept -> assertThat(kept.endReason()).isEqualTo("connection-lost"));
  }

  /** Writes what belongs to one batch. */
  default void tell(RelayTold... told) {
    database().run(em -> new RelaySessionStore(em).write(List.of(told)));
  }
}
