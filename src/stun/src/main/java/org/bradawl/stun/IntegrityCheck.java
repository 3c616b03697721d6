package org.bradawl.stun;

/** What looking at a message's integrity found. */
public enum IntegrityCheck {
  /** The message does not carry the attribute. */
  ABSENT,
  /** It carries it, and the bytes or the key are not the ones it was made with. */
  WRONG,
  /** It carries it, and it is right. */
  RIGHT
}
