package org.bradawl.agent.net;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Two bytes of length before each message: RFC 4571, which RFC 6544 §3 chose for ICE over TCP. */
public final class LengthFraming implements Framing {

  private static final int HEADER = 2;

  private final ByteBuffer partial = ByteBuffer.allocate(HEADER + 65_535);

  @Override
  public ByteBuffer frame(ByteBuffer message) {
    ByteBuffer framed = ByteBuffer.allocate(HEADER + message.remaining());
    return framed.putShort((short) message.remaining()).put(message).flip();
  }

  @Override
  public boolean take(ByteBuffer bytes, Consumer<ByteBuffer> messages) {
    while (bytes.hasRemaining()) {
      int wanted = wanted();
      int count = Math.min(wanted, bytes.remaining());
      partial.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      if (count == wanted && partial.position() >= HEADER && wanted() == 0) {
        ByteBuffer message = partial.flip().position(HEADER).slice();
        messages.accept(message);
        partial.clear();
      }
    }
    return true;
  }

  /** How many bytes are still missing, of the header first. */
  private int wanted() {
    int have = partial.position();
    return have < HEADER ? HEADER - have : HEADER + Short.toUnsignedInt(partial.getShort(0)) - have;
  }
}
