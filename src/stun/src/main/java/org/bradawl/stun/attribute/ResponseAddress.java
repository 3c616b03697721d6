package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/**
 * RESPONSE-ADDRESS (RFC 3489 §11.2.2): where a classic client wants its answer sent. Reserved since
 * RFC 5389, because it made every server a reflector; decoded to be recognised, never to be obeyed.
 */
public record ResponseAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<ResponseAddress> CODEC =
      AddressValue.plain(
          0x0002,
          "RESPONSE-ADDRESS",
          ResponseAddress.class,
          ResponseAddress::new,
          ResponseAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
