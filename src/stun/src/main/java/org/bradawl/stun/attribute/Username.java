package org.bradawl.stun.attribute;

/**
 * USERNAME (RFC 8489 §14.3): who asks. A sender keeps below 509 bytes; a receiver takes up to 763,
 * as RFC 5389 allowed more.
 */
public record Username(String name) implements Attribute {

  /** What a receiver must be able to take (RFC 8489 §14.3). */
  static final int MAX_BYTES = 763;

  static final AttributeCodec<Username> CODEC =
      TextValue.codec(0x0006, "USERNAME", Username.class, MAX_BYTES, Username::new, Username::name);

  /** Rejects text that cannot be sent. */
  public Username {
    TextValue.check(name, MAX_BYTES);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
