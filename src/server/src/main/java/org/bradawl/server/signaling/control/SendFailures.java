package org.bradawl.server.signaling.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Frames that the container did not take although their socket stood: each costs a client its
 * connection, and is a fault of the container's or of ours. Counted, and logged once in a while.
 */
@ApplicationScoped
public class SendFailures {

  private static final System.Logger LOG = System.getLogger("bradawl.signaling");

  /** Enough to notice, and too little to fill a disk. */
  private static final long QUIET_NANOS = 60_000_000_000L;

  private final LongAdder count = new LongAdder();
  private final AtomicLong latestLineNanos = new AtomicLong(System.nanoTime() - QUIET_NANOS);

  /** It has happened once more. */
  public void happened(Throwable cause) {
    count.increment();
    long now = System.nanoTime();
    long latest = latestLineNanos.get();
    if (now - latest >= QUIET_NANOS && latestLineNanos.compareAndSet(latest, now)) {
      Throwable root = root(cause);
      LOG.log(
          Level.WARNING,
          "signaling: a frame could not be sent on a socket that stands ({0}: {1}); its client is"
              + " to come back and resume; {2} such so far, the next line in a minute at the"
              + " earliest",
          root.getClass().getName(),
          root.getMessage(),
          count.sum());
    }
  }

  private static Throwable root(Throwable cause) {
    @Nullable Throwable deeper = cause.getCause();
    return deeper == null ? cause : deeper;
  }

  /** How often it has happened. */
  public long count() {
    return count.sum();
  }
}
