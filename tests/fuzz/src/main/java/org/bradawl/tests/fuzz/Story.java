package org.bradawl.tests.fuzz;

import java.util.Arrays;

/** Bytes read as choices; where they end, every further choice is zero. */
final class Story {

  private final byte[] bytes;
  private int at;

  Story(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean goesOn() {
    return at < bytes.length;
  }

  /** One of {@code count}, at most 256. */
  int choice(int count) {
    return goesOn() ? (bytes[at++] & 0xff) % count : 0;
  }

  int u16() {
    return choice(256) << 8 | choice(256);
  }

  /** The next bytes, as many as there are of {@code count}. */
  byte[] take(int count) {
    int end = Math.min(bytes.length, at + count);
    byte[] taken = Arrays.copyOfRange(bytes, at, end);
    at = end;
    return taken;
  }
}
