package org.bradawl.server.applications.control;

import java.security.SecureRandom;
import java.util.Base64;

/** The text of application keys. Whoever makes one shows it once; only its hash is kept. */
final class KeyText {

  /** Lets people and scanners of repositories see what they have in front of them. */
  static final String PREFIX = "bradawl_";

  /** 256 bits cannot be guessed, so a plain hash of the key gives nothing away. */
  private static final int BYTES = 32;

  private static final int HINT_LENGTH = 4;

  /** A shorter key would be given away by its hint. */
  private static final int SHORTEST_WITH_HINT = 16;

  private KeyText() {}

  /** A new key. */
  static String generate(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The last characters of the key, by which its owner recognises it. */
  static String hint(String key) {
    return key.length() < SHORTEST_WITH_HINT
        ? "…"
        : "…" + key.substring(key.length() - HINT_LENGTH);
  }
}
