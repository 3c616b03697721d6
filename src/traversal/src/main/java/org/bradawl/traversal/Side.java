package org.bradawl.traversal;

/** Which of the two. The initiator is RFC 8445's controlling agent. */
public enum Side {
  INITIATOR,
  RESPONDER;

  /** The other one. */
  public Side other() {
    return this == INITIATOR ? RESPONDER : INITIATOR;
  }
}
