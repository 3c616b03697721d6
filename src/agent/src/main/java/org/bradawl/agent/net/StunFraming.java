package org.bradawl.agent.net;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.bradawl.stun.StreamDecoder;

/** STUN messages tell their own length (RFC 8489 §6.2.2): for connections to a STUN server. */
public final class StunFraming implements Framing {

  /** The longest ChannelData message, which is longer than the longest STUN message. */
  private static final int LONGEST = 65_539;

  private final StreamDecoder decoder = new StreamDecoder(LONGEST);

  @Override
  public ByteBuffer frame(ByteBuffer message) {
    return message;
  }

  @Override
  public boolean take(ByteBuffer bytes, Consumer<ByteBuffer> messages) {
    while (true) {
      switch (decoder.next(bytes)) {
        case StreamDecoder.Framed.Message message -> messages.accept(message.bytes());
        case StreamDecoder.Framed.Incomplete _ -> {
          return true;
        }
        case StreamDecoder.Framed.Broken _ -> {
          return false;
        }
      }
    }
  }
}
