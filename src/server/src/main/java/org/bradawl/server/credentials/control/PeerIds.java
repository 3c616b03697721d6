package org.bradawl.server.credentials.control;

import java.util.random.RandomGenerator;

/**
 * The shape of peer ids: 1 to 64 characters of {@code A-Z a-z 0-9 . _ ~ @ : -}. None of them needs
 * escaping in a path segment, and {@code /} is free to separate the application from the peer.
 */
public final class PeerIds {

  /** The same rule as a regular expression, for documents and schemas. */
  public static final String PATTERN = "^[A-Za-z0-9._~@:-]{1,64}$";

  /** The longest id, in characters. */
  public static final int MAX_LENGTH = 64;

  /** The rule in words, to end an error message with. */
  public static final String RULE = "1 to 64 characters of A-Z a-z 0-9 . _ ~ @ : -";

  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final int GENERATED_LENGTH = 16;

  private PeerIds() {}

  /** Whether {@code text} is a peer id. */
  public static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    return text.chars().allMatch(PeerIds::isAllowed);
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "._~@:-".indexOf(c) >= 0;
  }

  /** A fresh id of 80 random bits, in letters that people do not confuse. */
  public static String generate(RandomGenerator random) {
    StringBuilder id = new StringBuilder(GENERATED_LENGTH);
    for (int i = 0; i < GENERATED_LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
