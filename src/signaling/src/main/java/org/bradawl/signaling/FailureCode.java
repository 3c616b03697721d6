package org.bradawl.signaling;

/** Why a message will not be delivered. */
public enum FailureCode {
  /** No such peer, or its session ended before it acknowledged. */
  PEER_UNAVAILABLE("peer-unavailable", "the peer is not connected, or left before it acknowledged"),
  /** The receiver has too much unacknowledged. */
  QUEUE_FULL("queue-full", "the peer has too much waiting for it; try again later"),
  /** The sender is over its rate. */
  RATE_LIMITED("rate-limited", "you are sending faster than the limit in welcome; slow down");

  private final String wire;
  private final String message;

  FailureCode(String wire, String message) {
    this.wire = wire;
    this.message = message;
  }

  /** The frame's {@code code}. */
  public String wire() {
    return wire;
  }

  String message() {
    return message;
  }
}
