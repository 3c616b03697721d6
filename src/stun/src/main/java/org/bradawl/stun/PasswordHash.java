package org.bradawl.stun;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** How a long-term key comes from a password (RFC 8489 §18.5, "STUN Password Algorithms"). */
public enum PasswordHash {
  /** MD5, what RFC 5389 knew and what holds when nothing is negotiated. */
  MD5(1, "MD5", 16),
  /** SHA-256. */
  SHA256(2, "SHA-256", 32);

  private final int number;

  /** Without input; copied, because finding an algorithm costs more than to hash a name. */
  @SuppressWarnings("ImmutableEnumChecker") // only ever copied
  private final MessageDigest prototype;

  private final int length;

  PasswordHash(int number, String digestName, int length) {
    this.number = number;
    this.length = length;
    try {
      this.prototype = MessageDigest.getInstance(digestName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks " + digestName, e);
    }
  }

  /** The number in PASSWORD-ALGORITHM and PASSWORD-ALGORITHMS. */
  public int number() {
    return number;
  }

  /** How many bytes a key has. */
  public int length() {
    return length;
  }

  /** The hash with this number, if we know it. */
  public static Optional<PasswordHash> of(int number) {
    return switch (number) {
      case 1 -> Optional.of(MD5);
      case 2 -> Optional.of(SHA256);
      default -> Optional.empty();
    };
  }

  /** The hash of the parts in UTF-8, joined by colons. */
  public Bytes ofJoined(String... parts) {
    try {
      MessageDigest digest = (MessageDigest) prototype.clone();
      return Bytes.owning(digest.digest(String.join(":", parts).getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's digests can be copied", e);
    }
  }
}
