package org.bradawl.signaling;

/** What a message between peers is for. The server treats them alike. */
public enum Kind {
  OFFER("offer"),
  ANSWER("answer"),
  CANDIDATE("candidate"),
  MESSAGE("message");

  private final String wire;

  Kind(String wire) {
    this.wire = wire;
  }

  /** The frame's {@code type}. */
  public String wire() {
    return wire;
  }
}
