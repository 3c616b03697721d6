package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * ACCESS-TOKEN (RFC 7635 §6.2): nonce length, nonce and encrypted block, opaque until the key is
 * known.
 */
public record AccessToken(Bytes token) implements Attribute {

  static final AttributeCodec<AccessToken> CODEC =
      AttributeCodec.opaque(
          0x001B,
          "ACCESS-TOKEN",
          AccessToken.class,
          0,
          65535,
          AccessToken::new,
          AccessToken::token);

  /** Never the secret. */
  @Override
  public String toString() {
    return "AccessToken[" + token.length() + " bytes]";
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
