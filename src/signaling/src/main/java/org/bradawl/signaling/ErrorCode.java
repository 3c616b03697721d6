package org.bradawl.signaling;

/** Why a frame was not acted upon; the connection stays open. */
public enum ErrorCode {
  BAD_FRAME("bad-frame"),
  UNKNOWN_TYPE("unknown-type"),
  MISSING_FIELD("missing-field"),
  BAD_NAME("bad-name"),
  TOO_DEEP("too-deep"),
  SEQUENCE_GAP("sequence-gap"),
  BAD_ACK("bad-ack"),
  RATE_LIMITED("rate-limited"),
  TOO_MANY_ROOMS("too-many-rooms"),
  ROOM_FULL("room-full"),
  UNKNOWN_ROOM("unknown-room"),
  TOO_MANY_WATCHES("too-many-watches"),
  UNKNOWN_WATCH("unknown-watch"),
  BAD_REPORT("bad-report"),
  BAD_MEMBER("bad-member"),
  UNKNOWN_TRAVERSAL("unknown-traversal"),
  UNAVAILABLE("unavailable");

  private final String wire;

  ErrorCode(String wire) {
    this.wire = wire;
  }

  /** The frame's {@code code}. */
  public String wire() {
    return wire;
  }
}
