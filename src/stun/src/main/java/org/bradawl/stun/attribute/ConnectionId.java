package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/** CONNECTION-ID (RFC 6062 §6.2.1): a connection between the server and a peer. */
public record ConnectionId(int id) implements Attribute {

  static final AttributeCodec<ConnectionId> CODEC =
      AttributeCodec.fixed(
          0x002A,
          "CONNECTION-ID",
          ConnectionId.class,
          4,
          value -> new ConnectionId(value.i32(0)),
          attribute -> Bytes.ofInt(attribute.id));

  @Override
  public int type() {
    return CODEC.type();
  }
}
