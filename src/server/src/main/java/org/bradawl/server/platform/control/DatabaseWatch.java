package org.bradawl.server.platform.control;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Knows whether the database answers, although nothing may be written for hours. It asks on a
 * thread of its own, so that whoever wants to know never waits for a database that is away.
 */
@ApplicationScoped
public class DatabaseWatch {

  /** Half the usual period of those who ask for health, so that they see what is. */
  private static final int PERIOD_SECONDS = 5;

  private static final System.Logger LOG = System.getLogger("bradawl.database");

  @Inject private Database database;
  @Inject private RecordQueue records;
  @Inject private InstantSource clock;
  @Inject private Event<DatabaseAnswers> answers;
  @Resource private ManagedScheduledExecutorService timer;

  private volatile Optional<Instant> unanswered = Optional.empty();
  private volatile Optional<Future<?>> asking = Optional.empty();

  /** Since when it does not answer; empty if it did when it was last asked or written to. */
  public Optional<Instant> awaySince() {
    return records.status().awaySince().or(() -> unanswered);
  }

  void begin(@Observes DatabaseReady ready) {
    asking =
        Optional.of(
            timer.scheduleWithFixedDelay(
                this::ask, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS));
  }

  void end(@Observes ServerStopping stopping) {
    asking.ifPresent(task -> task.cancel(false));
  }

  private void ask() {
    try {
      look();
    } catch (RuntimeException failed) { // or the executor would never ask again
      LOG.log(System.Logger.Level.WARNING, "a look at the database failed", failed);
    }
  }

  private void look() {
    if (database.reachable()) {
      unanswered = Optional.empty();
      answers.fire(new DatabaseAnswers());
    } else if (unanswered.isEmpty()) {
      unanswered = Optional.of(clock.instant());
    }
  }
}
