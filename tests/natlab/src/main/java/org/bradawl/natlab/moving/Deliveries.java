package org.bradawl.natlab.moving;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.bradawl.agent.Event;

/** Reads a stream to its end, and times how long nothing came. */
final class Deliveries {

  /** From here on a person could notice; shorter ones are not worth a line each. */
  private static final double NOTABLE_MILLIS = 100;

  private static final long PROGRESS = 5L << 20;

  private final AtomicLong bytes;
  private final Consumer<Event> told;
  private final MessageDigest digest = sha256();
  private double longestMillis;
  private long longestAfter;

  /**
   * None yet.
   *
   * @param bytes is kept up to date, for whoever else wants to know
   * @param told is told of gaps and progress
   */
  Deliveries(AtomicLong bytes, Consumer<Event> told) {
    this.bytes = bytes;
    this.told = told;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java lacks what every Java has", e);
    }
  }

  /** Takes all that comes; the gaps are counted from the first byte to the last. */
  Event read(InputStream in) throws IOException {
    byte[] chunk = new byte[64 << 10];
    bytes.set(0);
    long began = 0;
    long last = 0;
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      long now = System.nanoTime();
      if (bytes.get() == 0) {
        began = now;
      } else {
        gap((now - last) / 1e6);
      }
      last = now;
      digest.update(chunk, 0, count);
      progress(count);
    }
    return Event.of("received")
        .with("bytes", bytes.get())
        .with("sha256", HexFormat.of().formatHex(digest.digest()))
        .with("millis", (last - began) / 1e6)
        .with("longestGap", longestMillis)
        .with("longestGapAfter", longestAfter);
  }

  private void gap(double millis) {
    if (millis > longestMillis) {
      longestMillis = millis;
      longestAfter = bytes.get();
    }
    if (millis > NOTABLE_MILLIS) {
      told.accept(Event.of("gap").with("length", millis).with("after", bytes.get()));
    }
  }

  private void progress(int count) {
    long before = bytes.getAndAdd(count);
    if (before / PROGRESS != (before + count) / PROGRESS) {
      told.accept(Event.of("progress"));
    }
  }
}
