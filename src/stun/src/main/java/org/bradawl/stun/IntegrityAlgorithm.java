package org.bradawl.stun;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two ways to protect a message: MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256. */
public enum IntegrityAlgorithm {
  /** HMAC-SHA1 of MESSAGE-INTEGRITY (RFC 8489 §14.5). */
  SHA1("HmacSHA1", Effective.MESSAGE_INTEGRITY, 20),
  /** HMAC-SHA256 of MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6). */
  SHA256("HmacSHA256", Effective.MESSAGE_INTEGRITY_SHA256, 32);

  /** Under no key; copied, because finding an algorithm costs as much as a short message's code. */
  @SuppressWarnings("ImmutableEnumChecker") // only ever copied
  private final Mac prototype;

  private final int attributeType;
  private final int length;

  IntegrityAlgorithm(String macName, int attributeType, int length) {
    this.prototype = prototype(macName);
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

  private static Mac prototype(String macName) {
    try {
      return Mac.getInstance(macName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks " + macName, e);
    }
  }

  /** A code under {@code key}. */
  Mac mac(SecretKeySpec key) {
    try {
      Mac mac = copy(prototype);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK's HMAC takes any key", e);
    }
  }

  /** The same code, the caller's own; from any thread, as long as nobody uses the original. */
  static Mac copy(Mac original) {
    try {
      return (Mac) original.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's HMAC can be copied", e);
    }
  }
}
