package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/**
 * XOR-MAPPED-ADDRESS by its number in the drafts between RFC 3489 and RFC 5389. Clients of that
 * time still understand it where they ignore the modern one.
 */
public record LegacyXorMappedAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<LegacyXorMappedAddress> CODEC =
      AddressValue.xored(
          0x8020,
          "XOR-MAPPED-ADDRESS (0x8020)",
          LegacyXorMappedAddress.class,
          LegacyXorMappedAddress::new,
          LegacyXorMappedAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
