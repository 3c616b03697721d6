package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * ICE-CONTROLLED (RFC 8445 §7.1.3): the sender believes itself controlled.
 *
 * @param tieBreaker 64 random bits, compared unsigned
 */
public record IceControlled(long tieBreaker) implements Attribute {

  static final AttributeCodec<IceControlled> CODEC =
      AttributeCodec.fixed(
          0x8029,
          "ICE-CONTROLLED",
          IceControlled.class,
          8,
          value -> new IceControlled(value.i64(0)),
          attribute -> Bytes.ofLong(attribute.tieBreaker));

  @Override
  public int type() {
    return CODEC.type();
  }
}
