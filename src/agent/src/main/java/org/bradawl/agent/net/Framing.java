package org.bradawl.agent.net;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** How messages follow each other on a stream; one object for each stream. */
public interface Framing {

  /** The bytes that carry a message. */
  ByteBuffer frame(ByteBuffer message);

  /** Takes bytes and hands on the messages they complete; false when they make no sense. */
  boolean take(ByteBuffer bytes, Consumer<ByteBuffer> messages);
}
