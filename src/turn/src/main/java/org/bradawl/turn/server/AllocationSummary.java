package org.bradawl.turn.server;

/**
 * An allocation that is over.
 *
 * @param endedNanos when it ended, in monotonic time
 */
public record AllocationSummary(
    AllocationInfo info, long endedNanos, Traffic traffic, EndReason reason) {

  /** How long it lived, in nanoseconds. */
  public long durationNanos() {
    return endedNanos - info.startedNanos();
  }
}
