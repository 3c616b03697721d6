package org.bradawl.stun.attribute;

/**
 * ALTERNATE-DOMAIN (RFC 8489 §14.16): the name to look for in the certificate of an alternate
 * server.
 */
public record AlternateDomain(String domain) implements Attribute {

  /** The longest domain name. */
  static final int MAX_BYTES = 255;

  static final AttributeCodec<AlternateDomain> CODEC =
      TextValue.codec(
          0x8003,
          "ALTERNATE-DOMAIN",
          AlternateDomain.class,
          MAX_BYTES,
          AlternateDomain::new,
          AlternateDomain::domain);

  /** Rejects text that cannot be sent. */
  public AlternateDomain {
    TextValue.check(domain, MAX_BYTES);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
