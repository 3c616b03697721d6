package org.bradawl.datapath;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.turn.auth.AccessTokens;

/**
 * Who may use TURN by a third party's word: the {@code bradawl.turn.oauth.*} keys (RFC 7635).
 *
 * @param serverName what the authorization server knows this server as
 * @param keys shared with the authorization server, by their ids; empty: no tokens are taken
 */
public record TokenAccess(String serverName, Map<String, Bytes> keys) {

  static final String SERVER_NAME = "bradawl.turn.oauth.server-name";
  static final String KEYS = "bradawl.turn.oauth.keys";

  /** Copies the map. */
  public TokenAccess {
    keys = Map.copyOf(keys);
  }

  /** The ids alone. */
  @Override
  public String toString() {
    return serverName + ", token keys " + keys.keySet();
  }

  /** The source of these keys' tokens, if there are any. */
  public Optional<AccessTokens> source() {
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(new AccessTokens(serverName, keys, new SecureRandom()));
  }

  static TokenAccess from(SettingsReader reader, String realm) {
    Map<String, Bytes> keys = new LinkedHashMap<>();
    for (String text : reader.list(KEYS)) {
      int colon = text.indexOf(':');
      Optional<Bytes> key = colon > 0 ? key(text.substring(colon + 1)) : Optional.empty();
      if (key.isEmpty()) {
        throw new ConfigurationProblem(
            KEYS,
            "holds an entry that is no key",
            "Give id:key,id:key with 16 or 32 bytes in base64 for each key.");
      }
      if (keys.put(text.substring(0, colon), key.get()) != null) {
        throw new ConfigurationProblem(KEYS, "has an id twice", "Keep one key for each id.");
      }
    }
    return new TokenAccess(reader.text(SERVER_NAME).orElse(realm), keys);
  }

  private static Optional<Bytes> key(String base64) {
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      return key.length == 16 || key.length == 32
          ? Optional.of(Bytes.owning(key))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
