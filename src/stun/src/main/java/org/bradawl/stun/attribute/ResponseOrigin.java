package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/** RESPONSE-ORIGIN (RFC 5780 §7.3): the address a response was sent from. */
public record ResponseOrigin(TransportAddress address) implements Attribute {

  static final AttributeCodec<ResponseOrigin> CODEC =
      AddressValue.plain(
          0x802B,
          "RESPONSE-ORIGIN",
          ResponseOrigin.class,
          ResponseOrigin::new,
          ResponseOrigin::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
