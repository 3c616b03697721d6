package org.bradawl.turn.auth;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.attribute.UserHash;
import org.jspecify.annotations.Nullable;

/** Users whose names and keys are given beforehand, each for one realm. */
public final class StaticUsers implements CredentialSource {

  private record User(RealmUser who, Principal principal, UserKeys keys) {}

  private final Map<RealmUser, User> byName = new HashMap<>();
  private final Map<Bytes, User> byHash = new HashMap<>();
  private final Map<PasswordHash, IntegrityKey> nobody = new EnumMap<>(PasswordHash.class);

  private StaticUsers(String standardRealm, Map<RealmUser, UserKeys> keys, RandomGenerator random) {
    keys.forEach((who, key) -> {
      User user = new User(who, who.principal(standardRealm), key);
      byName.put(who, user);
      byHash.put(UserHash.of(who.name(), who.realm()).hash(), user);
    });
    for (PasswordHash hash : PasswordHash.values()) {
      // As long as a real key, so that its use takes as long.
      byte[] bytes = new byte[hash.length()];
      random.nextBytes(bytes);
      nobody.put(hash, IntegrityKey.of(bytes));
    }
  }

  /**
   * Users by their derived keys, so that no password need be kept.
   *
   * @param keys for each name, prepared with OpaqueString, its keys in {@code realm}
   * @param random makes the keys that unknown names are checked with; must not be predictable
   */
  public static StaticUsers ofKeys(
      String realm, Map<String, UserKeys> keys, RandomGenerator random) {
    Map<RealmUser, UserKeys> inRealm = new HashMap<>();
    keys.forEach((name, key) -> inRealm.put(new RealmUser(realm, name), key));
    return new StaticUsers(realm, inRealm, random);
  }

  /**
   * Users of several realms by their derived keys.
   *
   * @param standardRealm whose users are known by their names alone, see {@link
   *     RealmUser#principal}
   * @param keys for each user its keys in that user's realm
   * @param random makes the keys that unknown names are checked with; must not be predictable
   */
  public static StaticUsers ofRealms(
      String standardRealm, Map<RealmUser, UserKeys> keys, RandomGenerator random) {
    return new StaticUsers(standardRealm, keys, random);
  }

  /**
   * Users by their passwords, which become keys here and are forgotten.
   *
   * @throws IllegalArgumentException if a name or password has characters that nobody can type, and
   *     so nobody can prove to know (RFC 8265 §4)
   */
  public static StaticUsers ofPasswords(
      String realm, Map<String, String> passwords, RandomGenerator random) {
    Map<String, UserKeys> keys = new HashMap<>();
    passwords.forEach((name, password) ->
        keys.put(UserKeys.prepared(name), UserKeys.derive(name, realm, password)));
    return ofKeys(realm, keys, random);
  }

  @Override
  public Lookup find(Claim claim, Instant now) {
    User user =
        switch (claim.name()) {
          case Claim.Name.Plain plain -> byName.get(new RealmUser(claim.realm(), plain.username()));
          case Claim.Name.Hashed hashed -> byHash.get(hashed.hash());
          case Claim.Name.Token _ -> null;
        };
    Optional<IntegrityKey> key =
        Optional.ofNullable(user).flatMap(known -> known.keys().of(claim.hash()));
    return user != null && key.isPresent() && claim.realm().equals(user.who().realm())
        ? new Lookup.Found(key.get(), user.principal(), Instant.MAX)
        : new Lookup.Unknown(nobody(claim.hash()));
  }

  @Override
  public boolean findsByHash() {
    return true;
  }

  private IntegrityKey nobody(PasswordHash hash) {
    @Nullable IntegrityKey key = nobody.get(hash);
    if (key == null) {
      throw new IllegalStateException("every hash has a key of nobody");
    }
    return key;
  }
}
