package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/**
 * XOR-MAPPED-ADDRESS (RFC 8489 §14.2): where the server saw the request come from, disguised with
 * the transaction id so that no NAT rewrites it.
 */
public record XorMappedAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<XorMappedAddress> CODEC =
      AddressValue.xored(
          0x0020,
          "XOR-MAPPED-ADDRESS",
          XorMappedAddress.class,
          XorMappedAddress::new,
          XorMappedAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
