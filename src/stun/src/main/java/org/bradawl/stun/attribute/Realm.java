package org.bradawl.stun.attribute;

/** REALM (RFC 8489 §14.9): the world in which a long-term credential is valid, unquoted. */
public record Realm(String realm) implements Attribute {

  /**
   * What a receiver must be able to take: 127 characters of 6 bytes and one more (RFC 8489 §14.9).
   */
  static final int MAX_BYTES = 763;

  static final AttributeCodec<Realm> CODEC =
      TextValue.codec(0x0014, "REALM", Realm.class, MAX_BYTES, Realm::new, Realm::realm);

  /** Rejects text that cannot be sent. */
  public Realm {
    TextValue.check(realm, MAX_BYTES);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
