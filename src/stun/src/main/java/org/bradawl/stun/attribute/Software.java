package org.bradawl.stun.attribute;

/** SOFTWARE (RFC 8489 §14.14): maker and version, for people who debug; SERVER in RFC 3489. */
public record Software(String description) implements Attribute {

  /**
   * What a receiver must be able to take: 127 characters of 6 bytes and one more (RFC 8489 §14.9).
   */
  static final int MAX_BYTES = 763;

  static final AttributeCodec<Software> CODEC =
      TextValue.codec(
          0x8022, "SOFTWARE", Software.class, MAX_BYTES, Software::new, Software::description);

  /** Rejects text that cannot be sent. */
  public Software {
    TextValue.check(description, MAX_BYTES);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
