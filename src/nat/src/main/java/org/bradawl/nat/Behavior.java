package org.bradawl.nat;

/** How far a NAT looks at the remote endpoint when it maps or filters (RFC 4787 §4.1 and §5). */
public enum Behavior {
  ENDPOINT_INDEPENDENT("endpoint-independent"),
  ADDRESS_DEPENDENT("address-dependent"),
  ADDRESS_AND_PORT_DEPENDENT("address-and-port-dependent"),
  /** There is no NAT to map, or nothing that filters. */
  NONE("none"),
  /** Not enough was seen to say. */
  UNKNOWN("unknown");

  private final String label;

  Behavior(String label) {
    this.label = label;
  }

  /** The word that programs read. */
  public String label() {
    return label;
  }

  /** Whether a remote endpoint changes nothing: the one mapping is good for everybody. */
  public boolean isIndependent() {
    return switch (this) {
      case ENDPOINT_INDEPENDENT, NONE -> true;
      case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, UNKNOWN -> false;
    };
  }

  /** Whether the mapping seen by one remote endpoint says nothing about another's. */
  public boolean isDependent() {
    return switch (this) {
      case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT -> true;
      case ENDPOINT_INDEPENDENT, NONE, UNKNOWN -> false;
    };
  }
}
