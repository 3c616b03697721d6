package org.bradawl.server.applications.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The text of application keys. Only its hash is kept. A plain SHA-256 is enough, because a key
 * that we make has 256 random bits: there is nothing to guess from a list of words.
 */
public final class KeyText {

  /** Lets people and scanners of repositories see what they have in front of them. */
  static final String PREFIX = "bradawl_";

  /** How many characters of a key are shown so that its owner knows it again. */
  private static final int HINT_LENGTH = 4;

  private KeyText() {}

  /** A new key. */
  static String generate(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The lower-case hexadecimal SHA-256 of the key's UTF-8 bytes. */
  public static String hash(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The last characters of the key, by which its owner recognises it. */
  static String hint(String key) {
    return "…" + key.substring(Math.max(0, key.length() - HINT_LENGTH));
  }
}
