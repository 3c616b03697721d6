package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * MOBILITY-TICKET (RFC 8016 §3.3): empty when a client asks for mobility, else what lets it move
 * its allocation to another address.
 */
public record MobilityTicket(Bytes ticket) implements Attribute {

  static final AttributeCodec<MobilityTicket> CODEC =
      AttributeCodec.opaque(
          0x8030,
          "MOBILITY-TICKET",
          MobilityTicket.class,
          0,
          65535,
          MobilityTicket::new,
          MobilityTicket::ticket);

  /** Never the secret. */
  @Override
  public String toString() {
    return "MobilityTicket[" + ticket.length() + " bytes]";
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
