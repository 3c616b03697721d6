package org.bradawl.server.settings.control;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bradawl.datapath.Datapath;
import org.bradawl.server.allocations.control.Relay;
import org.bradawl.turn.server.EndReason;

/**
 * Takes the node out of service: no new allocations, and those there are go on until they end, or a
 * deadline ends them. Readiness says so, so that nobody new is sent here.
 */
@ApplicationScoped
public class Drain {

  /** Often enough to see it go down, seldom enough to read. */
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);

  private static final int LOOK_MILLIS = 250;

  private static final System.Logger LOG = System.getLogger("bradawl");

  @Inject private Relay relay;
  @Inject private LiveSettings settings;
  @Inject private InstantSource clock;
  @Resource private ManagedScheduledExecutorService timer;

  private volatile Optional<Course> course = Optional.empty();
  private Optional<Future<?>> looking = Optional.empty();
  private Optional<Future<?>> ending = Optional.empty();

  /** A drain that has begun. */
  public record Course(Instant since, Optional<Instant> deadline) {}

  /** The drain that has begun, if one has. */
  public Optional<Course> course() {
    return course;
  }

  /** Whether one has begun. */
  public boolean begun() {
    return course.isPresent();
  }

  /** How many allocations live. */
  public int left() {
    return relay.running().map(datapath -> datapath.allocations().size()).orElse(0);
  }

  /**
   * Begins, or changes the deadline of one that has begun.
   *
   * @param grace after which what is left ends; empty to wait for ever
   */
  public synchronized void begin(Optional<Duration> grace) {
    Instant now = clock.instant();
    Instant since = course.map(Course::since).orElse(now);
    course = Optional.of(new Course(since, grace.map(now::plus)));
    relay.running().ifPresent(this::turnAway);
    looking.ifPresent(task -> task.cancel(false));
    LOG.log(Level.INFO, "draining: no new allocations; {0} are left", left());
    looking =
        Optional.of(
            timer.scheduleWithFixedDelay(
                this::look, TELL_EVERY.toSeconds(), TELL_EVERY.toSeconds(), TimeUnit.SECONDS));
    ending.ifPresent(task -> task.cancel(false));
    ending =
        grace.map(wait -> timer.schedule(this::look, wait.toMillis() + 1, TimeUnit.MILLISECONDS));
  }

  /** Takes the node back in service. */
  public synchronized void end() {
    if (course.isPresent()) {
      course = Optional.empty();
      looking.ifPresent(task -> task.cancel(false));
      ending.ifPresent(task -> task.cancel(false));
      relay
          .running()
          .ifPresent(datapath -> {
            datapath.redirectNewAllocations(Optional.empty());
            datapath.accepting(true);
          });
      LOG.log(Level.INFO, "in service again: allocations are accepted");
    }
  }

  /** With 300 to the first of the servers that share the clients, where there are any; else 508. */
  private void turnAway(Datapath datapath) {
    settings.current().datapath().turn().alternates().stream()
        .findFirst()
        .ifPresent(other -> datapath.redirectNewAllocations(Optional.of(other)));
    datapath.accepting(false);
  }

  private synchronized void look() {
    if (course.isEmpty()) {
      return;
    }
    Optional<Instant> deadline = course.get().deadline();
    if (deadline.isPresent() && !clock.instant().isBefore(deadline.get())) {
      int ended = relay.running().map(Drain::endAll).orElse(0);
      LOG.log(Level.INFO, "drained: the deadline has ended {0} allocations", ended);
      looking.ifPresent(task -> task.cancel(false));
      return;
    }
    int left = left();
    LOG.log(Level.INFO, left == 0 ? "drained: no allocation is left" : "draining: {0} left", left);
    if (left == 0) {
      looking.ifPresent(task -> task.cancel(false));
    }
  }

  private static int endAll(Datapath datapath) {
    return datapath.endWhere(who -> true, EndReason.SHUTDOWN);
  }

  /**
   * Drains before a stop, on the caller's thread. Logging may be gone by then, so progress goes to
   * the standard error.
   */
  public void await(Duration grace) {
    if (grace.isZero() || relay.running().isEmpty()) {
      return;
    }
    relay.running().ifPresent(this::turnAway);
    long deadline = System.nanoTime() + grace.toNanos();
    long tell = System.nanoTime();
    try {
      for (int left = left(); left > 0 && System.nanoTime() - deadline < 0; left = left()) {
        if (System.nanoTime() - tell >= 0) {
          System.err.println("bradawl draining before the stop: " + left + " allocations are left");
          tell += TELL_EVERY.toNanos();
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
