package org.bradawl.turn.auth;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.OpaqueString;
import org.bradawl.stun.PasswordHash;

/**
 * What is kept of a password: the key for each way of deriving one (RFC 8489 §18.5). A key serves
 * its realm and nothing else, but there it is as good as the password: keep it as secret.
 *
 * @param md5 for clients of RFC 5389, and all that do not negotiate
 * @param sha256 for clients of RFC 8489; they are turned away where it is missing
 */
public record UserKeys(Optional<IntegrityKey> md5, Optional<IntegrityKey> sha256) {

  /**
   * {@code 0x} and an MD5 key, as coturn writes it; or also a colon, and {@code 0x} and the other.
   */
  private static final Pattern WRITTEN =
      Pattern.compile("0x([0-9a-fA-F]{32})(?::0x([0-9a-fA-F]{64}))?");

  /**
   * The keys of a password.
   *
   * @throws IllegalArgumentException if a part is empty or has characters that nobody can type, and
   *     so nobody can prove to know (RFC 8265 §4)
   */
  public static UserKeys derive(String name, String realm, String password) {
    String who = prepared(name);
    String where = prepared(realm);
    String secret = prepared(password);
    return new UserKeys(
        Optional.of(IntegrityKey.longTerm(PasswordHash.MD5, who, where, secret)),
        Optional.of(IntegrityKey.longTerm(PasswordHash.SHA256, who, where, secret)));
  }

  /**
   * The keys of a password as {@link #parse} reads them.
   *
   * @throws IllegalArgumentException as {@link #derive} does
   */
  public static String write(String name, String realm, String password) {
    String who = prepared(name);
    String where = prepared(realm);
    String secret = prepared(password);
    return "0x"
        + PasswordHash.MD5.ofJoined(who, where, secret)
        + ":0x"
        + PasswordHash.SHA256.ofJoined(who, where, secret);
  }

  /** The keys that {@code text} writes out; empty if it is something else, a password perhaps. */
  public static Optional<UserKeys> parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    return written.matches()
        ? Optional.of(
            new UserKeys(
                Optional.of(key(written.group(1))),
                Optional.ofNullable(written.group(2)).map(UserKeys::key)))
        : Optional.empty();
  }

  /** The key derived in this way, if there is one. */
  public Optional<IntegrityKey> of(PasswordHash hash) {
    return switch (hash) {
      case MD5 -> md5;
      case SHA256 -> sha256;
    };
  }

  private static IntegrityKey key(String digits) {
    return IntegrityKey.of(Bytes.hex(digits).toArray());
  }

  static String prepared(String text) {
    return OpaqueString.prepare(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "a user's name or password is empty or has characters that are not text"));
  }
}
