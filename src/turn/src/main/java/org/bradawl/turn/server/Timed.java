package org.bradawl.turn.server;

/** Something with a deadline; knows where it stands in its {@link DeadlineQueue}. */
abstract class Timed {

  static final int NOT_QUEUED = -1;

  private long deadlineNanos;
  private int index = NOT_QUEUED;

  final long deadlineNanos() {
    return deadlineNanos;
  }

  final void deadlineNanos(long nanos) {
    deadlineNanos = nanos;
  }

  final int index() {
    return index;
  }

  final void index(int index) {
    this.index = index;
  }

  /**
   * The deadline has come; the object is out of the queue. It may schedule itself anew, for a time
   * after {@code nowNanos}.
   */
  abstract void due(long nowNanos);
}
