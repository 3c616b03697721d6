package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/** XOR-RELAYED-ADDRESS (RFC 8656 §18.5): the address the server relays from for a client. */
public record XorRelayedAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<XorRelayedAddress> CODEC =
      AddressValue.xored(
          0x0016,
          "XOR-RELAYED-ADDRESS",
          XorRelayedAddress.class,
          XorRelayedAddress::new,
          XorRelayedAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
