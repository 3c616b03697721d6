package org.bradawl.stun.attribute;

/**
 * THIRD-PARTY-AUTHORIZATION (RFC 7635 §6.1): the name of the server as the authorization server
 * knows it, in a 401 that asks for an access token.
 */
public record ThirdPartyAuthorization(String server) implements Attribute {

  /**
   * What a receiver must be able to take: 127 characters of 6 bytes and one more (RFC 8489 §14.9).
   */
  static final int MAX_BYTES = 763;

  static final AttributeCodec<ThirdPartyAuthorization> CODEC =
      TextValue.codec(
          0x802E,
          "THIRD-PARTY-AUTHORIZATION",
          ThirdPartyAuthorization.class,
          MAX_BYTES,
          ThirdPartyAuthorization::new,
          ThirdPartyAuthorization::server);

  /** Rejects text that cannot be sent. */
  public ThirdPartyAuthorization {
    TextValue.check(server, MAX_BYTES);
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
