package org.bradawl.nat;

/** RFC 3489's names (§5), which cover four of the nine combinations and the cases without NAT. */
public enum LegacyType {
  OPEN_INTERNET("open-internet"),
  FULL_CONE("full-cone"),
  RESTRICTED_CONE("restricted-cone"),
  PORT_RESTRICTED_CONE("port-restricted-cone"),
  SYMMETRIC("symmetric"),
  SYMMETRIC_UDP_FIREWALL("symmetric-udp-firewall"),
  UDP_BLOCKED("udp-blocked"),
  /** One of the five combinations without a name, or too little evidence. */
  UNCLASSIFIED("unclassified");

  private final String label;

  LegacyType(String label) {
    this.label = label;
  }

  /** The word that programs read. */
  public String label() {
    return label;
  }

  /** The name of a combination; {@code udp} says whether datagrams get anywhere at all. */
  public static LegacyType of(Answer udp, Behavior mapping, Behavior filtering) {
    if (udp == Answer.NO) {
      return UDP_BLOCKED;
    }
    return switch (mapping) {
      case NONE -> withoutNat(filtering);
      case ENDPOINT_INDEPENDENT -> cone(filtering);
      case ADDRESS_AND_PORT_DEPENDENT ->
          filtering == Behavior.ADDRESS_AND_PORT_DEPENDENT ? SYMMETRIC : UNCLASSIFIED;
      case ADDRESS_DEPENDENT, UNKNOWN -> UNCLASSIFIED;
    };
  }

  private static LegacyType withoutNat(Behavior filtering) {
    return switch (filtering) {
      case NONE, ENDPOINT_INDEPENDENT -> OPEN_INTERNET;
      case ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT -> SYMMETRIC_UDP_FIREWALL;
      case UNKNOWN -> UNCLASSIFIED;
    };
  }

  private static LegacyType cone(Behavior filtering) {
    return switch (filtering) {
      case ENDPOINT_INDEPENDENT -> FULL_CONE;
      case ADDRESS_DEPENDENT -> RESTRICTED_CONE;
      case ADDRESS_AND_PORT_DEPENDENT -> PORT_RESTRICTED_CONE;
      case NONE, UNKNOWN -> UNCLASSIFIED;
    };
  }
}
