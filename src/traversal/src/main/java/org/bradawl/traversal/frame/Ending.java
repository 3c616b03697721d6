package org.bradawl.traversal.frame;

/** How a traversal ended, as the server has it. */
public enum Ending {
  CONNECTED("connected"),
  RELAYED("relayed"),
  FAILED("failed"),
  /** Each side told another end. */
  DISAGREED("disagreed"),
  /** The one that was asked did not want to. */
  REFUSED("refused"),
  /** The one that was asked did not answer. */
  UNANSWERED("unanswered"),
  /** One side gave it up. */
  CANCELLED("cancelled"),
  /** One side left. */
  PEER_GONE("peer-gone"),
  /** Neither side said how it ended. */
  OVERDUE("overdue");

  private final String label;

  Ending(String label) {
    this.label = label;
  }

  /** The word in frames and in the record. */
  public String label() {
    return label;
  }

  /** Whether the peers can talk to each other. */
  public boolean isConnected() {
    return switch (this) {
      case CONNECTED, RELAYED -> true;
      case FAILED, DISAGREED, REFUSED, UNANSWERED, CANCELLED, PEER_GONE, OVERDUE -> false;
    };
  }
}
