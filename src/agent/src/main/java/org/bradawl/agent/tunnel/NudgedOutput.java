package org.bradawl.agent.tunnel;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.common.EncryptionLevel;
import tech.kwik.core.impl.QuicConnectionImpl;
import tech.kwik.core.stream.FlowControlUpdateListener;

/**
 * The output of a stream, reminded of what it still has to send. kwik 0.10.8 counts a request to
 * send only after it has handed it to the sender; a sender that is quicker than the count believes
 * that another request is waiting, and what is left, the end of the stream too, stays where it is
 * for good. So the sender is asked again a while after each write and after the end: what kwik
 * itself does when the other side allows more bytes.
 */
final class NudgedOutput extends FilterOutputStream {

  /** As long as a round trip: nobody notices more. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(25);

  /** Each pause is twice the one before, up to this: an idle stream costs next to nothing. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

  /** Longer than any path stays dead without the tunnel ending. */
  private static final Duration AFTER_CLOSE = Duration.ofSeconds(30);

  private final int stream;
  private final FlowControlUpdateListener sender;
  private final QuicConnectionImpl connection;
  private final BooleanSupplier over;
  private final Thread nudging;
  private volatile long writes;
  private volatile long closedNanos;
  private volatile boolean closed;

  /**
   * The output of this stream.
   *
   * @param over whether the connection has ended, and nothing will be sent any more
   */
  NudgedOutput(QuicConnection connection, QuicStream stream, BooleanSupplier over) {
    super(stream.getOutputStream());
    // Neither is in kwik's interfaces, and nothing there asks a sender to look again.
    this.sender = (FlowControlUpdateListener) stream.getOutputStream();
    this.connection = (QuicConnectionImpl) connection;
    this.stream = stream.getStreamId();
    this.over = over;
    this.nudging = Thread.ofVirtual().name("nudge").start(this::nudge);
  }

  private void nudge() {
    long seen = 0;
    Duration pause = FIRST_PAUSE;
    try {
      while (!over.getAsBoolean() && !isLongClosed()) {
        LockSupport.parkNanos(pause.toNanos());
        if (writes == seen) {
          pause = doubled(pause);
        } else {
          seen = writes;
          pause = FIRST_PAUSE;
          Thread.sleep(pause);
        }
        sender.streamNotBlocked(stream);
        // A request for nothing, because only a request wakes the sender.
        connection.send(_ -> null, 1, EncryptionLevel.App, _ -> {}, true);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; were it so, it would be over.
      Thread.currentThread().interrupt();
    }
  }

  private boolean isLongClosed() {
    return closed && System.nanoTime() - closedNanos > AFTER_CLOSE.toNanos();
  }

  private static Duration doubled(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /** Something new is to be sent, or waits for room: the pauses are short again. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes at a time
  private void changed() {
    writes++;
    LockSupport.unpark(nudging);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    changed();
    out.write(bytes, offset, length);
    changed();
  }

  @Override
  public void close() throws IOException {
    closedNanos = System.nanoTime();
    closed = true;
    super.close();
    changed();
  }
}
