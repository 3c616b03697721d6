package org.bradawl.tests.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bradawl.stun.StreamDecoder;
import org.bradawl.stun.StreamDecoder.Framed;

/**
 * A stream: the same messages come out of it however it is cut, and no more is kept than a message
 * may have. The first byte says how it is cut.
 */
public final class Framing {

  private static final int MOST = 2048;

  private Framing() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    byte[] stream = Arrays.copyOfRange(bytes, 1, bytes.length);
    List<String> whole = messages(stream, stream.length);
    List<String> cut = messages(stream, 1 + (bytes[0] & 0x3f));
    if (!whole.equals(cut)) {
      throw new AssertionError(whole + " but in pieces " + cut);
    }
  }

  private static List<String> messages(byte[] stream, int size) {
    StreamDecoder decoder = new StreamDecoder(MOST);
    List<String> messages = new ArrayList<>();
    for (int at = 0; at < stream.length; at += size) {
      ByteBuffer piece = ByteBuffer.wrap(stream, at, Math.min(size, stream.length - at));
      if (!take(decoder, piece, messages)) {
        return messages;
      }
      if (piece.hasRemaining() || decoder.buffered() > MOST) {
        throw new AssertionError(piece.remaining() + " left, " + decoder.buffered() + " kept");
      }
    }
    return messages;
  }

  /** Whether the stream goes on. */
  private static boolean take(StreamDecoder decoder, ByteBuffer piece, List<String> messages) {
    while (true) {
      switch (decoder.next(piece)) {
        case Framed.Message message -> {
          byte[] bytes = new byte[message.bytes().remaining()];
          message.bytes().get(bytes);
          messages.add(Arrays.toString(bytes));
        }
        case Framed.Incomplete incomplete -> {
          return true;
        }
        case Framed.Broken broken -> {
          messages.add("broken"); // for which of its faults depends on what came in one piece
          return false;
        }
      }
    }
  }
}
