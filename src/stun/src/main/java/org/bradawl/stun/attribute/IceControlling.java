package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * ICE-CONTROLLING (RFC 8445 §7.1.3): the sender believes itself in control.
 *
 * @param tieBreaker 64 random bits, compared unsigned
 */
public record IceControlling(long tieBreaker) implements Attribute {

  static final AttributeCodec<IceControlling> CODEC =
      AttributeCodec.fixed(
          0x802A,
          "ICE-CONTROLLING",
          IceControlling.class,
          8,
          value -> new IceControlling(value.i64(0)),
          attribute -> Bytes.ofLong(attribute.tieBreaker));

  @Override
  public int type() {
    return CODEC.type();
  }
}
