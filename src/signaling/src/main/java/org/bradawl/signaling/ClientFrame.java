package org.bradawl.signaling;

import java.util.Optional;

/** A frame from a client, as {@link FrameScanner} found it. */
public sealed interface ClientFrame {

  /** A message for another peer. */
  record Send(Kind kind, String to, long seq, long ack, Optional<String> id, Payload data)
      implements ClientFrame {}

  /** Acknowledges the server's sequence up to {@code seq}. */
  record Ack(long seq) implements ClientFrame {}

  /** What the server itself answers. */
  sealed interface Control extends ClientFrame {}

  record Join(String room, Optional<String> id) implements Control {}

  record Leave(String room, Optional<String> id) implements Control {}

  record Watch(String peer, Optional<String> id) implements Control {}

  record Unwatch(String peer, Optional<String> id) implements Control {}

  record Ping(Optional<String> id) implements Control {}

  record Refresh(Optional<String> id) implements Control {}

  /** How connecting went; {@code traversal} is JSON whose syntax alone has been checked. */
  record Report(Payload traversal, Optional<String> id) implements Control {}

  /**
   * Something between native peers and the server's planner; the whole frame, whose syntax alone
   * has been checked.
   */
  record Native(Payload frame, Optional<String> id) implements Control {}

  record Bye() implements ClientFrame {}

  /**
   * Not a frame of the protocol. The message never repeats what was sent.
   *
   * @param seq the frame's number in the client's sequence if it could be read, else 0
   */
  record Unusable(ErrorCode code, String message, Optional<String> id, long seq)
      implements ClientFrame {}

  /**
   * A JSON value inside a frame, not copied until it is needed.
   *
   * <p>An {@code id} above is likewise JSON: a string literal with its quotes, ready to be spliced.
   */
  record Payload(String frame, int from, int to) {

    int length() {
      return to - from;
    }

    /** The JSON text. */
    public String text() {
      return frame.substring(from, to);
    }
  }
}
