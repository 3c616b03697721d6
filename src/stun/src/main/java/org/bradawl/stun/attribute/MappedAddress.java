package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/**
 * MAPPED-ADDRESS (RFC 8489 §14.1): where the server saw the request come from, in the clear.
 * Servers send it to clients of RFC 3489; NATs that rewrite payloads spoil it.
 */
public record MappedAddress(TransportAddress address) implements Attribute {

  static final AttributeCodec<MappedAddress> CODEC =
      AddressValue.plain(
          0x0001,
          "MAPPED-ADDRESS",
          MappedAddress.class,
          MappedAddress::new,
          MappedAddress::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
