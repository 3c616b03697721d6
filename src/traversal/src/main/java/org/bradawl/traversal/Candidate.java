package org.bradawl.traversal;

import org.bradawl.stun.TransportAddress;

/**
 * An endpoint that a peer may be reached at, as ICE describes it (RFC 8445 §5.1).
 *
 * @param base what packets for it are sent from: the host endpoint behind it
 * @param preference of its address among others of the type, 0 to 65535
 * @param component 1 to 256; 1 for everything but RTCP
 */
public record Candidate(
    Type type,
    Transport transport,
    TransportAddress address,
    TransportAddress base,
    int preference,
    int component) {

  /** How an endpoint was learned, with the type preference that RFC 8445 §5.1.2.2 recommends. */
  public enum Type {
    HOST("host", 126),
    /** Learned from a check that the peer saw. */
    PEER_REFLEXIVE("prflx", 110),
    /** Learned from a STUN server; also a port that a router opened on request. */
    SERVER_REFLEXIVE("srflx", 100),
    RELAYED("relay", 0);

    private final String word;
    private final int preference;

    Type(String word, int preference) {
      this.word = word;
      this.preference = preference;
    }

    /** The word of RFC 8839 §5.1. */
    public String word() {
      return word;
    }

    /** 0 to 126. */
    public int preference() {
      return preference;
    }
  }

  /** Rejects what the formula of the priority cannot take. */
  public Candidate {
    if (preference >>> 16 != 0 || component < 1 || component > 256) {
      throw new IllegalArgumentException("a preference has 16 bits, a component is 1 to 256");
    }
  }

  /** A host endpoint. */
  public static Candidate host(Transport transport, TransportAddress address, int preference) {
    return new Candidate(Type.HOST, transport, address, address, preference, 1);
  }

  /** RFC 8445 §5.1.2.1. */
  public long priority() {
    return ((long) type.preference() << 24) | ((long) preference << 8) | (256 - component);
  }

  /** The same for all candidates that fare alike (RFC 8445 §5.1.1.3): type, base and transport. */
  public String foundation() {
    return Integer.toHexString((type.word() + " " + base.address() + " " + transport).hashCode());
  }

  /** RFC 8445 §6.1.2.3: the priority of a pair, the same on both sides. */
  public static long pairPriority(long controlling, long controlled) {
    long least = Math.min(controlling, controlled);
    long most = Math.max(controlling, controlled);
    return (least << 32) + 2 * most + (controlling > controlled ? 1 : 0);
  }
}
