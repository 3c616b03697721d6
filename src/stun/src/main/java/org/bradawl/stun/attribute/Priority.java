package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * PRIORITY (RFC 8445 §7.1.1): what a peer-reflexive candidate found by this check would get.
 *
 * @param value 0 to 2³²−1
 */
public record Priority(long value) implements Attribute {

  static final AttributeCodec<Priority> CODEC =
      AttributeCodec.fixed(
          0x0024,
          "PRIORITY",
          Priority.class,
          4,
          value -> new Priority(value.u32(0)),
          attribute -> Bytes.ofInt((int) attribute.value));

  /** Rejects what does not fit 32 bits. */
  public Priority {
    if (value >>> 32 != 0) {
      throw new IllegalArgumentException("PRIORITY has 32 bits, not " + value);
    }
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
