package org.bradawl.agent.tunnel;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * The output of a stream, reminded of what it still has to send. kwik 0.10.8 counts a request to
 * send only after it has handed it to the sender; a sender that is quicker than the count believes
 * that another request is waiting, and what is left stays where it is until somebody writes; if
 * only nothing at all.
 */
final class NudgedOutput extends FilterOutputStream {

  /** As long as a round trip: nobody notices more, and it costs next to nothing. */
  private static final Duration PAUSE = Duration.ofMillis(25);

  /** Longer than any path stays dead without the tunnel ending. */
  private static final Duration AFTER_CLOSE = Duration.ofSeconds(10);

  private static final byte[] NOTHING = new byte[0];

  private volatile long closedNanos;
  private volatile boolean closed;

  NudgedOutput(OutputStream out) {
    super(out);
    Thread.ofVirtual().name("nudge").start(this::nudge);
  }

  private void nudge() {
    try {
      while (!closed || System.nanoTime() - closedNanos < AFTER_CLOSE.toNanos()) {
        Thread.sleep(PAUSE);
        out.write(NOTHING, 0, 0);
      }
    } catch (IOException | InterruptedException e) {
      // The stream is over, and there is nothing left to remind it of.
      closed = true;
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    closedNanos = System.nanoTime();
    closed = true;
    super.close();
  }
}
