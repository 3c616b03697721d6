package org.bradawl.traversal;

/** A way from one peer to the other; the label is the {@code path} that programs read. */
public enum Method {
  /** Both are on one network. */
  LOCAL("local", "a connection on the local network"),
  /** Through a port that a router was asked to open. */
  PORT_MAPPED("port-mapped", "a connection through a port that the router opened on request"),
  /** The one that asks reaches the other, who is public. */
  DIRECT("direct", "a direct connection"),
  /** The one that is asked connects back, because the one that asks is public. */
  REVERSE("reverse", "a connection in the reverse direction"),
  /** Both write to each other until their NATs let them. */
  PUNCH("punched", "hole punching"),
  /** The same where a NAT changes its port and the next one can be told. */
  PREDICT("predicted", "hole punching with predicted ports"),
  /** The same where the port must be searched for. */
  SEARCH("searched", "a search for the port"),
  /** Both are behind one NAT, which turns packets back in. */
  HAIRPIN("hairpin", "a connection that the common NAT turns back in"),
  /** Through the server. */
  RELAY("relayed", "relaying through the server");

  private final String label;
  private final String words;

  Method(String label, String words) {
    this.label = label;
    this.words = words;
  }

  /** The word that programs read. */
  public String label() {
    return label;
  }

  /** What people read. */
  public String words() {
    return words;
  }
}
