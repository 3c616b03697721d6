package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/**
 * OTHER-ADDRESS (RFC 5780 §7.4): where a response would come from if the client asked for both
 * address and port to change.
 */
public record OtherAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<OtherAddress> CODEC =
      AddressValue.plain(
          0x802C, "OTHER-ADDRESS", OtherAddress.class, OtherAddress::new, OtherAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
