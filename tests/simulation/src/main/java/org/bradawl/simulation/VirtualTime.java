package org.bradawl.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The event loop: what is due next happens next, at once, however far in the future it lies. Events
 * of one instant happen in the order in which they were asked for.
 */
public final class VirtualTime {

  private record Event(long atNanos, long order, Runnable what) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
  private final List<Runnable> invariants = new ArrayList<>();
  private final long seed;
  private final RandomGenerator random;
  private long now;
  private long order;

  /** A world in which every chance follows from {@code seed}. */
  public VirtualTime(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    // A machine that mistakes a monotonic clock for one that starts at 0 must not get away with it.
    this.now = random.nextLong(1L << 40);
  }

  /** The seed to print when something fails. */
  public long seed() {
    return seed;
  }

  /** The only source of chance in the world. */
  public RandomGenerator random() {
    return random;
  }

  /** Monotonic nanoseconds; where they start means nothing. */
  public long nanos() {
    return now;
  }

  /** Has {@code what} happen once {@code delay} has passed. */
  public void after(Duration delay, Runnable what) {
    at(now + delay.toNanos(), what);
  }

  /** Has {@code what} happen at {@code atNanos}, or next if that is past. */
  public void at(long atNanos, Runnable what) {
    events.add(new Event(Math.max(now, atNanos), order++, what));
  }

  /** Has {@code invariant} checked after every event; it throws when it does not hold. */
  public void invariant(Runnable invariant) {
    invariants.add(invariant);
  }

  /** Lets {@code span} pass. */
  public void run(Duration span) {
    run(span, () -> false);
  }

  /**
   * Lets time pass until {@code done} or until {@code limit} is over.
   *
   * @return whether {@code done} came true
   */
  public boolean run(Duration limit, BooleanSupplier done) {
    long end = now + limit.toNanos();
    while (!done.getAsBoolean()) {
      Event next = events.peek();
      if (next == null || next.atNanos() > end) {
        now = end;
        return done.getAsBoolean();
      }
      events.remove();
      now = next.atNanos();
      happen(next);
    }
    return true;
  }

  private void happen(Event event) {
    try {
      event.what().run();
      invariants.forEach(Runnable::run);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("replay with seed " + seed + "L: " + e.getMessage(), e);
    }
  }
}
