package org.bradawl.stun;

import java.util.Base64;
import java.util.Optional;

/**
 * What a server says about itself at the start of a nonce: "obMatJos2" and 24 bits in base64 (RFC
 * 8489 §9.2). A client that sees them and does not see the attributes they announce knows that
 * somebody removed these.
 *
 * @param passwordAlgorithms bit 0: the server sends PASSWORD-ALGORITHMS
 * @param usernameAnonymity bit 1: the server understands USERHASH
 */
public record SecurityFeatures(boolean passwordAlgorithms, boolean usernameAnonymity) {

  /** What a nonce of RFC 8489 starts with. */
  public static final String NONCE_COOKIE = "obMatJos2";

  private static final int FEATURE_CHARACTERS = 4;

  /** The features that {@code nonce} announces; empty if it is a nonce of RFC 5389. */
  public static Optional<SecurityFeatures> of(String nonce) {
    int end = NONCE_COOKIE.length() + FEATURE_CHARACTERS;
    if (!nonce.startsWith(NONCE_COOKIE) || nonce.length() < end) {
      return Optional.empty();
    }
    String encoded = nonce.substring(NONCE_COOKIE.length(), end);
    int last = 0;
    for (int i = 0; i < FEATURE_CHARACTERS; i++) {
      last = base64(encoded.charAt(i));
      if (last < 0) {
        return Optional.empty();
      }
    }
    // Erratum 6290: bit 0 is the least significant one, in the last character.
    return Optional.of(new SecurityFeatures((last & 1) != 0, (last & 2) != 0));
  }

  /** What a nonce of a server with these features starts with. */
  public String noncePrefix() {
    int bits = (passwordAlgorithms ? 1 : 0) | (usernameAnonymity ? 2 : 0);
    return NONCE_COOKIE + Base64.getEncoder().encodeToString(new byte[] {0, 0, (byte) bits});
  }

  private static int base64(char c) {
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(c);
  }
}
