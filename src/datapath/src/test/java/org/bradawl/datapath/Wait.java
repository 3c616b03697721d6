package org.bradawl.datapath;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits, bounded, for what another thread will do: the engines' tests run against the real clock.
 */
final class Wait {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(5);

  private Wait() {}

  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (deadline - System.nanoTime() < 0) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
