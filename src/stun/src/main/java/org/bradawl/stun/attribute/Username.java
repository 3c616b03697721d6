package org.bradawl.stun.attribute;

/**
 * USERNAME (RFC 8489 §14.3): who asks; fewer than 513 bytes (RFC 5389 §15.3; RFC 8489 says 509).
 */
public record Username(String name) implements Attribute {

  /** Octets, as in RFC 5389 §15.3; RFC 8489 sends at most 508 but older clients may send more. */
  static final int MAX_BYTES = 512;

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
