package org.bradawl.traversal.frame;

/** How far a claim agrees with what the server sees itself. */
public enum Standing {
  /** It does. */
  CONFIRMED("confirmed"),
  /** The server has not seen enough to say. */
  UNCONFIRMED("unconfirmed"),
  /** The server sees something else. */
  DOUBTED("doubted");

  private final String label;

  Standing(String label) {
    this.label = label;
  }

  /** The word in frames and in the record. */
  public String label() {
    return label;
  }
}
