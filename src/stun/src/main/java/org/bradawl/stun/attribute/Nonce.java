package org.bradawl.stun.attribute;

/** NONCE (RFC 8489 §14.10): what the server gave to be shown back, unquoted. */
public record Nonce(String value) implements Attribute {

  /**
   * What a receiver must be able to take: 127 characters of 6 bytes and one more (RFC 8489 §14.9).
   */
  static final int MAX_BYTES = 763;

  static final AttributeCodec<Nonce> CODEC =
      TextValue.codec(0x0015, "NONCE", Nonce.class, MAX_BYTES, Nonce::new, Nonce::value);

  /** Rejects text that cannot be sent. */
  public Nonce {
    TextValue.check(value, MAX_BYTES);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
