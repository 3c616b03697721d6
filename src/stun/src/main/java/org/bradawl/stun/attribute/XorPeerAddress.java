package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/** XOR-PEER-ADDRESS (RFC 8656 §18.3): a peer, as seen from the server. */
public record XorPeerAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<XorPeerAddress> CODEC =
      AddressValue.xored(
          0x0012,
          "XOR-PEER-ADDRESS",
          XorPeerAddress.class,
          XorPeerAddress::new,
          XorPeerAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
