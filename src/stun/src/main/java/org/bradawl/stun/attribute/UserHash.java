package org.bradawl.stun.attribute;

import org.bradawl.stun.Bytes;
import org.bradawl.stun.PasswordHash;

/** USERHASH (RFC 8489 §14.4): SHA-256 of {@code username:realm}, instead of USERNAME. */
public record UserHash(Bytes hash) implements Attribute {

  static final AttributeCodec<UserHash> CODEC =
      AttributeCodec.opaque(
          0x001E, "USERHASH", UserHash.class, 32, 32, UserHash::new, UserHash::hash);

  /** Rejects another length than 32 bytes. */
  public UserHash {
    Lengths.check("USERHASH", hash, 32, 32);
  }

  /** The hash of a name and a realm, both prepared with {@code OpaqueString}. */
  public static UserHash of(String username, String realm) {
    return new UserHash(PasswordHash.SHA256.ofJoined(username, realm));
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
