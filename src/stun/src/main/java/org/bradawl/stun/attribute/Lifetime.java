package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * LIFETIME (RFC 8656 §18.2): for how long an allocation is, or should be, without a refresh.
 *
 * @param seconds 0 to 2³²−1; 0 ends the allocation
 */
public record Lifetime(long seconds) implements Attribute {

  static final AttributeCodec<Lifetime> CODEC =
      AttributeCodec.fixed(
          0x000D,
          "LIFETIME",
          Lifetime.class,
          4,
          value -> new Lifetime(value.u32(0)),
          attribute -> Bytes.ofInt((int) attribute.seconds));

  /** Rejects what does not fit 32 bits. */
  public Lifetime {
    if (seconds >>> 32 != 0) {
      throw new IllegalArgumentException("LIFETIME has 32 bits, not " + seconds);
    }
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
