package org.bradawl.turn.auth;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.OpaqueString;
import org.bradawl.stun.PasswordHash;

/** Users whose names and keys are given beforehand, for one realm. */
public final class StaticUsers implements CredentialSource {

  private final String realm;
  private final Map<String, IntegrityKey> keys;
  private final IntegrityKey nobody;

  private StaticUsers(String realm, Map<String, IntegrityKey> keys, IntegrityKey nobody) {
    this.realm = realm;
    this.keys = Map.copyOf(keys);
    this.nobody = nobody;
  }

  /**
   * Users by their derived keys, so that no password need be kept.
   *
   * @param keys for each name its long-term key in {@code realm}, by {@link PasswordHash#MD5}
   * @param random makes the key that unknown names are checked with; must not be predictable
   */
  public static StaticUsers ofKeys(
      String realm, Map<String, IntegrityKey> keys, RandomGenerator random) {
    byte[] nobody = new byte[16]; // as long as an MD5 key, so that its use takes as long
    random.nextBytes(nobody);
    return new StaticUsers(realm, keys, IntegrityKey.of(nobody));
  }

  /**
   * Users by their passwords, which become keys here and are forgotten.
   *
   * @throws IllegalArgumentException if a name or password has characters that nobody can type, and
   *     so nobody can prove to know (RFC 8265 §4)
   */
  public static StaticUsers ofPasswords(
      String realm, Map<String, String> passwords, RandomGenerator random) {
    Map<String, IntegrityKey> keys = new HashMap<>();
    passwords.forEach((name, password) -> {
      String prepared = prepared(name);
      keys.put(
          prepared, IntegrityKey.longTerm(PasswordHash.MD5, prepared, realm, prepared(password)));
    });
    return ofKeys(realm, keys, random);
  }

  private static String prepared(String text) {
    return OpaqueString.prepare(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "a user's name or password is empty or has characters that are not text"));
  }

  @Override
  public Lookup find(String username, String realm, Instant now) {
    IntegrityKey key = keys.get(username);
    return key != null && realm.equals(this.realm)
        ? new Lookup.Found(key, Principal.of(username), Instant.MAX)
        : new Lookup.Unknown(nobody);
  }
}
