package org.bradawl.datapath;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bradawl.turn.server.StunTurnServer;

/**
 * Where other threads meet a shard: they leave commands and take the statistics that it published
 * last. Everything but {@link #submit} and {@link #statistics} belongs to the shard's thread.
 */
public final class ShardDesk {

  private static final Logger LOG = System.getLogger(ShardDesk.class.getName());

  /** Readers want a live figure, and a snapshot costs a few hundred objects. */
  private static final long PUBLISH_EVERY = Duration.ofSeconds(1).toNanos();

  /** Nothing is due: waking once in a while costs nothing and forgives a lost wake-up. */
  private static final long LONGEST_SLEEP = Duration.ofSeconds(10).toNanos();

  /** One stack trace in ten seconds is enough to find a bug by. */
  private static final long LOG_FAULTS_EVERY = Duration.ofSeconds(10).toNanos();

  private final String name;
  private final ShardCounters counters;
  private final Runnable wake;
  private final Queue<Shard.Command> commands = new ConcurrentLinkedQueue<>();
  private volatile DatapathStatistics published = DatapathStatistics.NONE;
  private volatile boolean closed;
  private boolean unpublished = true;
  private long publishAt = System.nanoTime();
  private long lastFaultLogged;

  /**
   * The desk of one shard.
   *
   * @param wake ends the shard's wait; called from any thread
   */
  public ShardDesk(String name, ShardCounters counters, Runnable wake) {
    this.name = name;
    this.counters = counters;
    this.wake = wake;
  }

  /** Hands a command to the shard's thread; false if that has ended, and the command never runs. */
  public boolean submit(Shard.Command command) {
    if (closed) {
      return false;
    }
    commands.add(command);
    wake.run();
    return true;
  }

  /** What the shard last published. */
  public DatapathStatistics statistics() {
    return published;
  }

  /** Runs what others left here. */
  public void runCommands(StunTurnServer machine, long now) {
    for (Shard.Command command = commands.poll(); command != null; command = commands.poll()) {
      unpublished = true;
      try {
        command.run(machine, now);
      } catch (RuntimeException e) {
        fault(e, now);
      }
    }
  }

  /** Something happened that readers will see within a second. */
  public void touched() {
    unpublished = true;
  }

  /** Whether the machine has something to do by itself. */
  public static boolean due(long deadline, long now) {
    return deadline != StunTurnServer.NO_DEADLINE && deadline - now <= 0;
  }

  /**
   * How long the shard may sleep, in nanoseconds, as far as its machine and this desk know; not
   * positive for not at all.
   */
  public long sleepNanos(long machineDeadline, long now) {
    if (!commands.isEmpty()) {
      return 0;
    }
    long nanos = LONGEST_SLEEP;
    if (machineDeadline != StunTurnServer.NO_DEADLINE) {
      nanos = Math.min(nanos, machineDeadline - now);
    }
    return unpublished ? Math.min(nanos, publishAt - now) : nanos;
  }

  /** Whether a second has passed since the last publication and there is something new. */
  public boolean publicationDue(long now) {
    return unpublished && publishAt - now <= 0;
  }

  /** Shows these statistics to the readers. */
  public void publish(DatapathStatistics statistics, long now) {
    unpublished = false;
    publishAt = now + PUBLISH_EVERY;
    published = statistics;
  }

  /** A broken invariant: a bug that must cost one session, not the server, nor the log its disk. */
  public void fault(RuntimeException e, long now) {
    long faults = counters.fault();
    if (faults == 1 || now - lastFaultLogged > LOG_FAULTS_EVERY) {
      lastFaultLogged = now;
      LOG.log(Level.ERROR, name + ": fault " + faults + "; the session is dropped", e);
    }
  }

  /** Takes no more commands, and runs the last ones. */
  public void close(StunTurnServer machine, long now) {
    closed = true;
    runCommands(machine, now);
  }
}
