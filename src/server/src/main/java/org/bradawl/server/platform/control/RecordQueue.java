package org.bradawl.server.platform.control;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between everything that happens and the database, so that nothing that happens waits for
 * it. Entries are written in the order they were offered, in batches, by the one thread that calls
 * {@link #run()}. While the database is away they are kept up to the capacity; what comes then is
 * dropped and counted. A batch whose fate is unknown is written again: entries are idempotent.
 */
public final class RecordQueue {

  /**
   * How much is written at once, by weight: large enough to spare commits and for what begins and
   * ends in a rush to be one row, small enough to be written in a tenth of a second.
   */
  static final int BATCH = 4_000;

  /**
   * How long a batch may fill. A commit costs as much as many entries; what an administrator reads
   * is no later for it than a page takes to load. A crash takes that much with it.
   */
  static final Duration LINGER = Duration.ofMillis(200);

  /** First pause after a failure: a restarting database is back in seconds. */
  static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  /** Longest pause: recovery is noticed this late at most, at the price of one attempt each. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** Where batches go. */
  public interface Sink {
    /**
     * Writes all of them or none, in order.
     *
     * @throws Exception whatever went wrong
     */
    void write(List<HistoryEntry> batch) throws Exception;

    /** Whether the database answers; asked after a failure, to tell a bad entry from a bad time. */
    boolean reachable();
  }

  /**
   * How the queue is doing.
   *
   * @param waiting entries not yet written
   * @param written entries written since the start
   * @param dropped entries that found the queue full, or were left at the stop
   * @param rejected entries the reachable database would not take
   * @param awaySince since when the database does not answer, if it does not
   */
  public record Status(
      int waiting,
      int capacity,
      long written,
      long dropped,
      long rejected,
      Optional<Instant> awaySince) {}

  private static final System.Logger LOG = System.getLogger("bradawl.records");

  private final Sink sink;
  private final int capacity;

  /** What is written without waiting for more. */
  private final int full;

  private final InstantSource clock;
  private final Duration linger;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<HistoryEntry> waiting = new ArrayDeque<>();

  private int weight;
  private long written;
  private long dropped;
  private long rejected;
  private Optional<Instant> awaySince = Optional.empty();
  private boolean closing;
  private boolean stopped;

  /**
   * A queue.
   *
   * @param capacity how much it holds, by the {@link HistoryEntry#weight() weight} of the entries
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public RecordQueue(int capacity, Sink sink, InstantSource clock) {
    this(capacity, sink, clock, LINGER);
  }

  /** A queue whose batches may fill for this long. */
  RecordQueue(int capacity, Sink sink, InstantSource clock, Duration linger) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a queue needs room for one entry");
    }
    this.capacity = capacity;
    this.full = Math.min(BATCH, capacity);
    this.sink = sink;
    this.clock = clock;
    this.linger = linger;
  }

  /**
   * Takes an entry to be written soon. Never waits for the database.
   *
   * @return false if there was no room, and the entry is lost and counted
   */
  public boolean offer(HistoryEntry entry) {
    lock.lock();
    try {
      if (stopped || weight + entry.weight() > capacity) {
        dropped++;
        return false;
      }
      int before = weight;
      waiting.addLast(entry);
      weight += entry.weight();
      // The writer waits for the first entry and then for a full batch; the rest need not wake it.
      if (before == 0 || (before < full && weight >= full)) {
        changed.signalAll();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How it is doing now. */
  public Status status() {
    lock.lock();
    try {
      return new Status(waiting.size(), capacity, written, dropped, rejected, awaySince);
    } finally {
      lock.unlock();
    }
  }

  /** Writes until {@link #close} was called and everything is written or its time is over. */
  public void run() {
    Duration pause = FIRST_PAUSE;
    try {
      for (List<HistoryEntry> batch = next(); !batch.isEmpty(); batch = next()) {
        if (write(batch)) {
          pause = FIRST_PAUSE;
        } else {
          rest(pause);
          Duration twice = pause.multipliedBy(2);
          pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stop();
    }
  }

  /**
   * Writes what is waiting and stops taking more.
   *
   * @param patience how long to wait for that
   * @return how many were not written, and are lost
   */
  public int close(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      long left = patience.toNanos();
      while (!stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
      stopped = true;
      int lost = waiting.size();
      dropped += lost;
      waiting.clear();
      weight = 0;
      changed.signalAll();
      return lost;
    } finally {
      lock.unlock();
    }
  }

  /** The next batch, still at the head of the queue; empty when there is nothing more to do. */
  private List<HistoryEntry> next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closing && !stopped) {
        changed.await();
      }
      long left = linger.toNanos();
      while (weight < full && !closing && !stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
      return stopped ? List.of() : head();
    } finally {
      lock.unlock();
    }
  }

  /** As many as make a batch, and one at least if there is one. */
  private List<HistoryEntry> head() {
    List<HistoryEntry> batch = new ArrayList<>();
    int size = 0;
    for (HistoryEntry entry : waiting) {
      size += entry.weight();
      if (size > BATCH && !batch.isEmpty()) {
        break;
      }
      batch.add(entry);
    }
    return batch;
  }

  /** Whether the head of the queue moved on. */
  private boolean write(List<HistoryEntry> batch) {
    Optional<Exception> failure = attempt(batch);
    if (failure.isEmpty()) {
      wrote(batch.size());
      return true;
    }
    if (!sink.reachable()) {
      away(failure.get());
      return false;
    }
    return batch.size() == 1 ? reject(batch.getFirst(), failure.get()) : writeEach(batch);
  }

  private boolean writeEach(List<HistoryEntry> batch) {
    for (HistoryEntry entry : batch) {
      if (!write(List.of(entry))) {
        return false;
      }
    }
    return true;
  }

  private Optional<Exception> attempt(List<HistoryEntry> batch) {
    try {
      sink.write(batch);
      return Optional.empty();
    } catch (Exception e) { // whatever it is, the entries stay until it is known what to do
      return Optional.of(e);
    }
  }

  private void wrote(int count) {
    lock.lock();
    try {
      remove(count);
      written += count;
      awaySince.ifPresent(since ->
          LOG.log(
              Level.INFO,
              "the database answers again after {0}; {1} records still to be written",
              Duration.between(since, clock.instant()),
              waiting.size()));
      awaySince = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private boolean reject(HistoryEntry entry, Exception failure) {
    lock.lock();
    try {
      remove(1);
      rejected++;
    } finally {
      lock.unlock();
    }
    LOG.log(Level.ERROR, "the database takes no such " + entry.getClass().getSimpleName(), failure);
    return true;
  }

  private void away(Exception failure) {
    lock.lock();
    try {
      if (awaySince.isEmpty()) {
        awaySince = Optional.of(clock.instant());
        LOG.log(
            Level.WARNING,
            "the database does not answer ({0}); up to {1} records are kept until it does",
            rootOf(failure),
            capacity);
      }
    } finally {
      lock.unlock();
    }
  }

  private void rest(Duration pause) throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (left > 0 && !stopped) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** {@link #close} may have emptied the queue meanwhile. */
  private void remove(int count) {
    for (int i = 0; i < count && !waiting.isEmpty(); i++) {
      weight -= waiting.removeFirst().weight();
    }
  }

  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
