package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/**
 * SOURCE-ADDRESS (RFC 3489 §11.2.5): the address a classic response was sent from; today
 * RESPONSE-ORIGIN.
 */
public record SourceAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<SourceAddress> CODEC =
      AddressValue.plain(
          0x0004,
          "SOURCE-ADDRESS",
          SourceAddress.class,
          SourceAddress::new,
          SourceAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
