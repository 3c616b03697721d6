package org.bradawl.datapath;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bradawl.stun.OpaqueString;
import org.bradawl.turn.auth.RealmUser;
import org.bradawl.turn.auth.UserKeys;

/**
 * Users of further realms, those that names of hosts have: the {@code bradawl.turn.realm-users}
 * key.
 *
 * @param realms that a user can be in, the standard one first
 * @param keys of the users, none of them in the standard realm
 */
public record RealmUsers(Set<String> realms, Map<RealmUser, UserKeys> keys) {

  static final String USERS = "bradawl.turn.realm-users";

  /** Copies both. */
  public RealmUsers {
    realms = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(realms));
    keys = Map.copyOf(keys);
  }

  /** Keeps keys out of logs. */
  @Override
  public String toString() {
    return keys.keySet().toString();
  }

  static RealmUsers from(SettingsReader reader, String standardRealm) {
    Set<String> realms = new LinkedHashSet<>();
    realms.add(standardRealm);
    realms.addAll(TlsSettings.realms(reader).values());
    Map<RealmUser, UserKeys> keys = new HashMap<>();
    for (String entry : reader.list(USERS)) {
      String realm =
          realmOf(entry, realms)
              .filter(named -> !named.equals(standardRealm))
              .orElseThrow(() ->
                  new ConfigurationProblem(
                      USERS,
                      "names a realm that no host has",
                      "Give realm=name:password with a realm of "
                          + TlsSettings.REALMS
                          + "; users of the standard realm belong into "
                          + TurnAccess.USERS
                          + "."));
      add(entry.substring(realm.length() + 1), realm, keys);
    }
    return new RealmUsers(realms, keys);
  }

  /** A realm may hold an equals sign, so it is looked for; the longest that fits. */
  private static Optional<String> realmOf(String entry, Set<String> realms) {
    return realms.stream()
        .filter(realm -> entry.startsWith(realm + "="))
        .max(Comparator.comparingInt(String::length));
  }

  private static void add(String user, String realm, Map<RealmUser, UserKeys> keys) {
    int colon = user.indexOf(':');
    if (colon <= 0 || colon == user.length() - 1) {
      throw new ConfigurationProblem(
          USERS,
          "holds an entry without name or password",
          "Give realm=name:password,realm=name:password.");
    }
    String given = user.substring(0, colon);
    String password = user.substring(colon + 1);
    try {
      String name = OpaqueString.prepare(given).orElse("");
      UserKeys derived =
          UserKeys.parse(password).orElseGet(() -> UserKeys.derive(name, realm, password));
      if (keys.put(new RealmUser(realm, name), derived) != null) {
        throw new ConfigurationProblem(
            USERS, "names a user of a realm twice", "Keep one entry for each name in a realm.");
      }
    } catch (IllegalArgumentException e) {
      throw new ConfigurationProblem(
          USERS,
          "holds a name or password with characters that are no text",
          "Keep to letters, digits, spaces and punctuation (RFC 8265).",
          e);
    }
  }
}
