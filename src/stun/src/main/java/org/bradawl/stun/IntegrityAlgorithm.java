package org.bradawl.stun;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two ways to protect a message: MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256. */
public enum IntegrityAlgorithm {
  /** HMAC-SHA1 of MESSAGE-INTEGRITY (RFC 8489 §14.5). */
  SHA1("HmacSHA1", Effective.MESSAGE_INTEGRITY, 20),
  /** HMAC-SHA256 of MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6). */
  SHA256("HmacSHA256", Effective.MESSAGE_INTEGRITY_SHA256, 32);

  private final String macName;
  private final int attributeType;
  private final int length;

  IntegrityAlgorithm(String macName, int attributeType, int length) {
    this.macName = macName;
    this.attributeType = attributeType;
    this.length = length;
  }

  /** The type of the attribute that carries it. */
  public int attributeType() {
    return attributeType;
  }

  /** How many bytes the whole value has. */
  public int length() {
    return length;
  }

  /** A code under {@code key}; every JDK has both algorithms. */
  Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(macName);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + macName, e);
    }
  }
}
