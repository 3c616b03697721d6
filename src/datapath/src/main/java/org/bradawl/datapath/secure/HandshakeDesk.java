package org.bradawl.datapath.secure;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Where the costly steps of handshakes wait for a few threads of their own, so that a shard that
 * relays never signs anything. Bounded: beyond that, handshakes are refused and nothing else.
 */
public final class HandshakeDesk {

  private static final Logger LOG = System.getLogger(HandshakeDesk.class.getName());

  /** A second of work for one thread, at 1 ms a step; who waited longer has given up. */
  private static final int MOST_WAITING = 1024;

  private final BlockingQueue<Runnable> steps = new ArrayBlockingQueue<>(MOST_WAITING);
  private volatile boolean closed;

  /** Leaves a step here; false if there is no room. */
  public boolean offer(Runnable step) {
    return !closed && steps.offer(step);
  }

  /** Takes one step after the other on the caller's thread, until closed. */
  void work() {
    try {
      while (!closed) {
        run(steps.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a step of a handshake broke an invariant", e);
    }
  }

  /** Ends {@link #work} on this many threads. */
  void close(int workers) {
    closed = true;
    steps.clear();
    for (int i = 0; i < workers; i++) {
      steps.add(() -> {});
    }
  }
}
