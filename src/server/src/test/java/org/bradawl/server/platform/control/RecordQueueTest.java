package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bradawl.server.platform.control.HistoryEntry.NatProfileReported;
import org.bradawl.server.platform.control.HistoryEntry.PeerGone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RecordQueueTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration ENDLESS = Duration.ofDays(1);

  /** A database that can be taken away, and that tells when it was asked. */
  private static final class FakeDatabase implements RecordQueue.Sink {

    private final List<HistoryEntry> rows = new ArrayList<>();
    private final Set<HistoryEntry> unacceptable = new HashSet<>();
    private final Semaphore attempts = new Semaphore(0);
    private final List<Integer> batches = new ArrayList<>();
    private boolean away;
    private boolean losesAnswers;

    @Override
    public synchronized void write(List<HistoryEntry> batch) {
      attempts.release();
      batches.add(batch.size());
      if (away) {
        throw new IllegalStateException("connection refused");
      }
      if (batch.stream().anyMatch(unacceptable::contains)) {
        throw new IllegalArgumentException("value too long");
      }
      batch.stream().filter(entry -> !rows.contains(entry)).forEach(rows::add);
      if (losesAnswers) {
        losesAnswers = false;
        away = true;
        throw new IllegalStateException("connection lost in commit");
      }
    }

    @Override
    public synchronized boolean reachable() {
      return !away;
    }

    synchronized void away(boolean now) {
      away = now;
    }

    synchronized void loseNextAnswer() {
      losesAnswers = true;
    }

    synchronized void refuse(HistoryEntry entry) {
      unacceptable.add(entry);
    }

    synchronized List<HistoryEntry> rows() {
      return List.copyOf(rows);
    }

    synchronized List<Integer> batches() {
      return List.copyOf(batches);
    }

    void awaitAttempts(int count) throws InterruptedException {
      assertThat(attempts.tryAcquire(count, LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }
  }

  private final FakeDatabase database = new FakeDatabase();
  private final List<Thread> writers = new ArrayList<>();

  private RecordQueue queue(int capacity) {
    return new RecordQueue(capacity, database, InstantSource.fixed(NOW));
  }

  private void startWriting(RecordQueue queue) {
    writers.add(Thread.ofVirtual().start(queue::run));
  }

  @AfterEach
  void everyWriterEnds() throws InterruptedException {
    for (Thread writer : writers) {
      assertThat(writer.join(LONG)).isTrue();
    }
  }

  private static HistoryEntry entry(int number) {
    return new PeerGone("app", "peer-" + number, NOW, "left");
  }

  private static List<HistoryEntry> entries(int count) {
    return IntStream.range(0, count).mapToObj(RecordQueueTest::entry).toList();
  }

  @Test
  void everythingIsWrittenInOrder() throws InterruptedException {
    RecordQueue queue = queue(5_000);
    startWriting(queue);

    entries(3_000).forEach(queue::offer);

    assertThat(queue.close(LONG)).isZero();
    assertThat(database.rows()).isEqualTo(entries(3_000));
    assertThat(queue.status().written()).isEqualTo(3_000);
  }

  @Test
  void whileTheDatabaseIsAwayEntriesAreKeptUpToTheCapacityAndTheRestIsCounted()
      throws InterruptedException {
    RecordQueue queue = queue(1_000);
    database.away(true);
    startWriting(queue);

    List<Boolean> taken = entries(1_200).stream().map(queue::offer).toList();
    database.awaitAttempts(2);

    assertThat(taken.subList(0, 1_000)).containsOnly(true);
    assertThat(taken.subList(1_000, 1_200)).containsOnly(false);
    assertThat(queue.status().dropped()).isEqualTo(200);
    assertThat(queue.status().waiting()).isEqualTo(1_000);
    assertThat(queue.status().awaySince()).contains(NOW);

    database.away(false);

    assertThat(queue.close(LONG)).isZero();
    assertThat(database.rows()).isEqualTo(entries(1_000));
    assertThat(queue.status().awaySince()).isEmpty();
  }

  @Test
  void aBatchFillsBeforeItIsWrittenAndAFullOneWaitsForNothing() throws InterruptedException {
    RecordQueue queue = new RecordQueue(5_000, database, InstantSource.fixed(NOW), ENDLESS);
    startWriting(queue);
    List<HistoryEntry> entries = entries(RecordQueue.BATCH + 3);

    entries.subList(0, RecordQueue.BATCH).forEach(queue::offer);
    database.awaitAttempts(1);
    entries.subList(RecordQueue.BATCH, entries.size()).forEach(queue::offer);

    assertThat(queue.close(LONG)).as("the last ones do not wait for more").isZero();
    assertThat(database.rows()).isEqualTo(entries);
    assertThat(database.batches()).containsExactly(RecordQueue.BATCH, 3);
  }

  @Test
  void aQueueThatHoldsLessThanABatchIsWrittenWhenItIsFull() throws InterruptedException {
    RecordQueue queue = new RecordQueue(10, database, InstantSource.fixed(NOW), ENDLESS);
    startWriting(queue);

    entries(10).forEach(queue::offer);
    database.awaitAttempts(1);

    assertThat(queue.close(LONG)).isZero();
    assertThat(database.batches()).containsExactly(10);
  }

  @Test
  void anEntryThatIsAloneIsWrittenSoonAllTheSame() throws InterruptedException {
    RecordQueue queue = queue(1_000);
    startWriting(queue);

    queue.offer(entry(1));
    database.awaitAttempts(1);
    queue.offer(entry(2));
    database.awaitAttempts(1);

    assertThat(queue.close(LONG)).isZero();
    assertThat(database.batches()).containsExactly(1, 1);
  }

  @Test
  void longReportsFillABatchSooner() throws InterruptedException {
    RecordQueue queue = queue(10_000);
    HistoryEntry report = report("x".repeat(100_000));
    IntStream.range(0, 45).forEach(i -> queue.offer(report));
    startWriting(queue);

    assertThat(queue.close(LONG)).isZero();
    assertThat(report.weight()).isEqualTo(196);
    assertThat(database.batches()).containsExactly(20, 20, 5);
  }

  @Test
  void longReportsTakeMoreRoom() {
    RecordQueue queue = queue(1_000);
    HistoryEntry report = report("x".repeat(65_536));

    assertThat(report.weight()).isEqualTo(129);
    long taken = IntStream.range(0, 20).filter(i -> queue.offer(report)).count();

    assertThat(taken).isEqualTo(7);
    assertThat(queue.status().dropped()).isEqualTo(13);
    assertThat(queue.offer(entry(1))).isTrue();
  }

  private static HistoryEntry report(String evidence) {
    return new NatProfileReported(
        "app", "peer", "", "unknown", "unknown", "unknown", Optional.empty(), evidence, NOW);
  }

  @Test
  void aBatchWhoseAnswerWasLostIsWrittenAgainAndDoublesNothing() throws InterruptedException {
    RecordQueue queue = queue(1_000);
    database.loseNextAnswer();
    entries(50).forEach(queue::offer);
    startWriting(queue);
    database.awaitAttempts(1);

    database.away(false);

    assertThat(queue.close(LONG)).isZero();
    assertThat(database.rows()).isEqualTo(entries(50));
    assertThat(queue.status().written()).isEqualTo(50);
  }

  @Test
  void anEntryTheDatabaseRefusesDoesNotHoldUpTheOthers() throws InterruptedException {
    RecordQueue queue = queue(1_000);
    database.refuse(entry(7));
    entries(20).forEach(queue::offer);
    startWriting(queue);

    assertThat(queue.close(LONG)).isZero();
    assertThat(database.rows()).hasSize(19).doesNotContain(entry(7));
    assertThat(queue.status().rejected()).isEqualTo(1);
    assertThat(queue.status().written()).isEqualTo(19);
  }

  @Test
  void whatIsLeftAtTheStopIsCountedAndToldAndNothingIsTakenAfterwards()
      throws InterruptedException {
    RecordQueue queue = queue(1_000);
    database.away(true);
    entries(30).forEach(queue::offer);
    startWriting(queue);
    database.awaitAttempts(1);

    assertThat(queue.close(Duration.ofMillis(1))).isEqualTo(30);
    assertThat(queue.offer(entry(31))).isFalse();
    assertThat(queue.status().dropped()).isEqualTo(31);
    assertThat(queue.status().waiting()).isZero();
  }

  @Test
  void entriesOfferedWhileClosingAreStillWritten() throws InterruptedException {
    RecordQueue queue = queue(1_000);
    entries(10).forEach(queue::offer);
    database.away(true);
    startWriting(queue);
    database.awaitAttempts(1);
    Thread closer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                assertThat(queue.close(LONG)).isZero();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    assertThat(queue.offer(entry(10))).isTrue();
    database.away(false);

    assertThat(closer.join(LONG)).isTrue();
    assertThat(database.rows()).isEqualTo(entries(11));
  }
}
