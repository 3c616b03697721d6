package org.bradawl.stun.attribute;

import org.bradawl.stun.TransportAddress;

/** ALTERNATE-SERVER (RFC 8489 §14.15): where to go instead, with error 300. */
public record AlternateServer(TransportAddress address) implements Attribute {

  static final AttributeCodec<AlternateServer> CODEC =
      AddressValue.plain(
          0x8023,
          "ALTERNATE-SERVER",
          AlternateServer.class,
          AlternateServer::new,
          AlternateServer::address);

  @Override
  public int type() {
    return CODEC.type();
  }
}
