package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;

/**
 * PASSWORD (RFC 3489 §11.2.7): what a classic Shared Secret server gives out. Reserved since RFC
 * 5389.
 */
public record Password(Bytes value) implements Attribute {

  static final AttributeCodec<Password> CODEC =
      AttributeCodec.opaque(
          0x0007, "PASSWORD", Password.class, 0, 65535, Password::new, Password::value);

  /** Never the secret. */
  @Override
  public String toString() {
    return "Password[" + value.length() + " bytes]";
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
