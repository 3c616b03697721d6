package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * CACHE-TIMEOUT (0x8027, registered by RFC 5780 §9): for how long a server remembers a transaction
 * id. No server is known to send it.
 *
 * @param seconds 0 to 2³²−1
 */
public record CacheTimeout(long seconds) implements Attribute {

  static final AttributeCodec<CacheTimeout> CODEC =
      AttributeCodec.fixed(
          0x8027,
          "CACHE-TIMEOUT",
          CacheTimeout.class,
          4,
          value -> new CacheTimeout(value.u32(0)),
          attribute -> Bytes.ofInt((int) attribute.seconds));

  /** Rejects what does not fit 32 bits. */
  public CacheTimeout {
    if (seconds >>> 32 != 0) {
      throw new IllegalArgumentException("CACHE-TIMEOUT has 32 bits, not " + seconds);
    }
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
