package org.bradawl.datapath;

import java.time.Duration;

/**
 * The pauses of a thread that looks for something again and again, and is to end at once when told.
 * Safe for threads.
 */
public final class Rhythm {

  private final Duration pause;
  private boolean ended;

  /** A rhythm with pauses of this length. */
  public Rhythm(Duration pause) {
    this.pause = pause;
  }

  /**
   * Waits for one pause.
   *
   * @return whether to go on; false at once when {@link #end} was called or the thread interrupted
   */
  public synchronized boolean next() {
    long end = System.nanoTime() + pause.toNanos();
    try {
      for (long left = pause.toMillis(); !ended && left > 0; ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !ended;
  }

  /** Ends the pause there is, and all to come. */
  public synchronized void end() {
    ended = true;
    notifyAll();
  }
}
