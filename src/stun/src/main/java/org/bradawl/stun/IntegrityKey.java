package org.bradawl.stun;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The key that protects messages. Names, realms and passwords are taken as they are: prepare them
 * with {@link OpaqueString} where they enter the system.
 */
public final class IntegrityKey {

  private final byte[] key;

  /** Codes under this key, which are only ever copied; each message has its integrity twice. */
  private volatile @Nullable Mac sha1;

  private volatile @Nullable Mac sha256;

  private IntegrityKey(byte[] key) {
    if (key.length == 0) {
      throw new IllegalArgumentException("a key has at least one byte");
    }
    this.key = key;
  }

  /** The key with these bytes, copied. */
  public static IntegrityKey of(byte[] key) {
    return new IntegrityKey(key.clone());
  }

  /** A short-term key, as ICE uses it: the password itself (RFC 8489 §9.1.1). */
  public static IntegrityKey shortTerm(String password) {
    return new IntegrityKey(password.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A long-term key: the hash of {@code username:realm:password} (RFC 8489 §18.5.1.1 and
   * §18.5.1.2).
   */
  public static IntegrityKey longTerm(
      PasswordHash hash, String username, String realm, String password) {
    return new IntegrityKey(hash.ofJoined(username, realm, password).toArray());
  }

  /** A code under this key, ready for bytes. */
  Mac mac(IntegrityAlgorithm algorithm) {
    Mac code =
        switch (algorithm) {
          case SHA1 -> sha1;
          case SHA256 -> sha256;
        };
    if (code == null) {
      code = algorithm.mac(new SecretKeySpec(key, "HMAC"));
      switch (algorithm) {
        case SHA1 -> sha1 = code;
        case SHA256 -> sha256 = code;
      }
    }
    return IntegrityAlgorithm.copy(code);
  }

  /** Whether both keys are the same; takes as long for a near miss as for a far one. */
  @Override
  public boolean equals(Object other) {
    return other instanceof IntegrityKey that && MessageDigest.isEqual(key, that.key);
  }

  @Override
  public int hashCode() {
    return key.length;
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "IntegrityKey[" + key.length + " bytes]";
  }
}
