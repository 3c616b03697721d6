package org.bradawl.signaling;

import java.util.OptionalInt;

/** Why the server closes a connection, and what that means for the session behind it. */
public enum Closing {
  BYE(1000, "bye", false, 0, "you left"),
  SHUTDOWN(1001, "shutdown", false, 5, "the server stops; connect again in a moment"),
  BINARY_FRAME(1003, "binary-frame", true, 0, "only text frames are spoken here"),
  FRAME_TOO_LARGE(
      1009, "frame-too-large", true, 0, "the frame is larger than the limit in welcome"),
  UNAUTHORIZED(
      4401, "unauthorized", false, 0, "the token is missing, wrong or expired; get a new one"),
  UNSUPPORTED(
      4406,
      "unsupported",
      false,
      0,
      "connect with the subprotocol bradawl.v1 and a valid peer name"),
  SILENT(4408, "silent", true, 0, "nothing was heard for too long; send a ping in every heartbeat"),
  REPLACED(4409, "replaced", false, 0, "another connection took this peer id"),
  RESUMED_ELSEWHERE(
      4410, "resumed-elsewhere", true, 0, "this session was resumed on another connection"),
  SLOW_CONSUMER(
      4413, "slow-consumer", true, 1, "you do not read or acknowledge what is sent to you"),
  /** As {@link #SLOW_CONSUMER}, but more waits than the server keeps: the session is lost. */
  OVERRUN(4413, "slow-consumer", false, 1, "too much is unacknowledged; the session ended"),
  FLOODING(4429, "flooding", false, 10, "you went on sending far beyond the limits in welcome"),
  TOO_MANY_PEERS(4503, "too-many-peers", false, 30, "the application has as many peers as it may");

  private final int code;
  private final String wire;
  private final boolean resumable;
  private final int retryAfter;
  private final String message;

  Closing(int code, String wire, boolean resumable, int retryAfter, String message) {
    this.code = code;
    this.wire = wire;
    this.resumable = resumable;
    this.retryAfter = retryAfter;
    this.message = message;
  }

  /** The WebSocket close code. */
  public int code() {
    return code;
  }

  /** The frame's {@code reason}. */
  public String wire() {
    return wire;
  }

  /** Whether the session lives on and may be resumed. */
  public boolean resumable() {
    return resumable;
  }

  /** Seconds a client should wait before it comes back, if it should wait. */
  public OptionalInt retryAfter() {
    return retryAfter == 0 ? OptionalInt.empty() : OptionalInt.of(retryAfter);
  }

  /** For people: what happened and what to do. */
  public String message() {
    return message;
  }
}
