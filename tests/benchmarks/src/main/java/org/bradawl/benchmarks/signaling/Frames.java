package org.bradawl.benchmarks.signaling;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Client frames of RFC 6455 §5.2: final, masked, text unless said otherwise. */
final class Frames {

  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /** Not zero in any byte, so that the server has its usual work to unmask. */
  private static final byte[] MASK = {0x35, 0x7a, 0x19, 0x5c};

  private static final int SHORT = 125;

  private Frames() {}

  static byte[] text(String text) {
    return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] frame(int opcode, byte[] payload) {
    int header = headerLength(payload.length);
    ByteBuffer frame = ByteBuffer.allocate(header + payload.length);
    frame.put((byte) (0x80 | opcode));
    if (payload.length <= SHORT) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i & 3]));
    }
    return frame.array();
  }

  /** Bytes before the payload, which must be shorter than 64 KiB. */
  static int headerLength(int payload) {
    return payload <= SHORT ? 6 : 8;
  }

  /** Rewrites a character inside a masked frame. */
  static void put(byte[] frame, int header, int at, int character) {
    frame[header + at] = (byte) (character ^ MASK[at & 3]);
  }
}
