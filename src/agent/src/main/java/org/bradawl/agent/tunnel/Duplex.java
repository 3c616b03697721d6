package org.bradawl.agent.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;

/** Two directions of bytes, each of which ends by itself. */
public record Duplex(InputStream in, OutputStream out, Runnable abort) {

  static Duplex of(QuicConnection connection, QuicStream stream, BooleanSupplier over) {
    return new Duplex(
        stream.getInputStream(), new NudgedOutput(connection, stream, over), () -> abort(stream));
  }

  /** Ends both directions, whatever is still under way in them. */
  static void abort(QuicStream stream) {
    stream.resetStream(0);
    stream.abortReading(0);
  }

  /** Carries bytes one way until they end; then ends the other side's input. */
  public static long pump(InputStream from, OutputStream to) throws IOException {
    try (to) {
      byte[] chunk = new byte[16 << 10];
      long all = 0;
      for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
        to.write(chunk, 0, count);
        to.flush();
        all += count;
      }
      return all;
    }
  }
}
