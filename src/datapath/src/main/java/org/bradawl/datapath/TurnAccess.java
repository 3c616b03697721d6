package org.bradawl.datapath;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bradawl.stun.OpaqueString;
import org.bradawl.turn.auth.ChainedCredentials;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.bradawl.turn.auth.RealmUser;
import org.bradawl.turn.auth.StaticUsers;
import org.bradawl.turn.auth.UserKeys;
import org.bradawl.turn.server.Redirection;

/**
 * Who may use TURN: the {@code bradawl.turn.*} keys.
 *
 * @param realm told to clients, and part of every key
 * @param users names with their keys, in the order given
 * @param realmUsers users of other realms
 * @param secret of ephemeral credentials; absent when the server shall make and keep one
 * @param tokens who an authorization server vouches for
 * @param alternates servers that share the clients; empty when this one serves all of its own
 * @param mobility whether a client may go on from another address
 */
public record TurnAccess(
    String realm,
    List<User> users,
    RealmUsers realmUsers,
    Optional<String> secret,
    TokenAccess tokens,
    List<Redirection> alternates,
    boolean mobility) {

  static final String REALM = "bradawl.turn.realm";
  static final String USERS = "bradawl.turn.users";
  static final String SECRET = "bradawl.turn.secret";
  static final String MOBILITY = "bradawl.turn.mobility";

  private static final String DEFAULT_REALM = "bradawl";

  /** RFC 8489 §14.9: a realm has fewer than 128 characters. */
  private static final int MAX_REALM = 127;

  /** A user whose credentials do not expire; what is kept of the password are the keys. */
  public record User(String name, UserKeys keys) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Keeps the secret and the passwords out of logs. */
  @Override
  public String toString() {
    return "realm "
        + realm
        + ", users "
        + users
        + (realmUsers.keys().isEmpty() ? "" : " and " + realmUsers)
        + (secret.isPresent() ? ", a secret" : "")
        + (tokens.keys().isEmpty() ? "" : ", " + tokens);
  }

  /** The keys these settings stand for: users, the secret's ephemeral credentials, tokens. */
  public CredentialSource credentials() {
    List<CredentialSource> sources = new ArrayList<>();
    sources.add(StaticUsers.ofRealms(realm, allUsers(), new SecureRandom()));
    secret.ifPresent(text -> sources.add(new EphemeralCredentials(text)));
    tokens.source().ifPresent(sources::add);
    return new ChainedCredentials(sources);
  }

  /** The keys of all users, each in its realm. */
  public Map<RealmUser, UserKeys> allUsers() {
    Map<RealmUser, UserKeys> all = new HashMap<>(realmUsers.keys());
    users.forEach(user -> all.put(new RealmUser(realm, user.name()), user.keys()));
    return all;
  }

  /** The same with a secret that the server made and keeps, unless one is configured. */
  public TurnAccess withSecretUnlessConfigured(String generated) {
    return new TurnAccess(
        realm,
        users,
        realmUsers,
        secret.or(() -> Optional.of(generated)),
        tokens,
        alternates,
        mobility);
  }

  /** The text as a realm, if it can be one. */
  static Optional<String> realm(String given) {
    return OpaqueString.prepare(given)
        .filter(realm -> !realm.isEmpty() && realm.length() <= MAX_REALM && !realm.contains("\""));
  }

  static TurnAccess from(SettingsReader reader) {
    String given = reader.text(REALM).orElse(DEFAULT_REALM);
    String realm =
        realm(given)
            .orElseThrow(() ->
                new ConfigurationProblem(
                    REALM,
                    "is no realm",
                    "Give up to 127 characters, no quotes or control characters."));
    return new TurnAccess(
        realm,
        users(reader, realm),
        RealmUsers.from(reader, realm),
        reader.text(SECRET),
        TokenAccess.from(reader, realm),
        AlternateServers.from(reader),
        reader.flag(MOBILITY, true));
  }

  private static List<User> users(SettingsReader reader, String realm) {
    List<User> users = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String text : reader.list(USERS)) {
      int colon = text.indexOf(':');
      if (colon <= 0 || colon == text.length() - 1) {
        throw new ConfigurationProblem(
            USERS, "holds an entry without name or password", "Give name:password,name:password.");
      }
      User user = user(text.substring(0, colon), text.substring(colon + 1), realm);
      if (!names.add(user.name())) {
        throw new ConfigurationProblem(
            USERS, "names a user twice", "Keep one entry for each name.");
      }
      users.add(user);
    }
    return List.copyOf(users);
  }

  /** The password is turned into keys here, and forgotten. */
  private static User user(String given, String password, String realm) {
    try {
      String name = OpaqueString.prepare(given).orElse("");
      return new User(
          name, UserKeys.parse(password).orElseGet(() -> UserKeys.derive(name, realm, password)));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationProblem(
          USERS,
          "holds a name or password with characters that are no text",
          "Keep to letters, digits, spaces and punctuation (RFC 8265).",
          e);
    }
  }
}
