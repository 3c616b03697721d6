package org.bradawl.traversal;

import java.util.random.RandomGenerator;

/**
 * One side's short-term credentials (RFC 8445 §5.3): whoever knows the password has been told it
 * through signaling, so a check that is signed with it comes from the peer.
 *
 * @param fragment 4 to 256 characters, the {@code ice-ufrag}
 * @param password 22 to 256 characters, the {@code ice-pwd}
 */
public record Credentials(String fragment, String password) {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /** Rejects what RFC 8839 §5.4 does. */
  public Credentials {
    if (fragment.length() < 4 || password.length() < 22) {
      throw new IllegalArgumentException("a fragment has 4 characters and a password 22, or more");
    }
  }

  /** Fresh ones; {@code random} must be unpredictable outside of tests. */
  public static Credentials random(RandomGenerator random) {
    return new Credentials(text(random, 8), text(random, 24));
  }

  private static String text(RandomGenerator random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** Never the password. */
  @Override
  public String toString() {
    return "Credentials[" + fragment + "]";
  }
}
