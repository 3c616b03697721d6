package org.bradawl.server.settings.control;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The keys that may change while the server runs; all others are read at the start.
 *
 * <p>What each of them may hold is what {@link org.bradawl.server.platform.control.Configuration}
 * accepts: it reads a change as it reads the start.
 */
public enum LivingKey {
  QUOTA_TOTAL("bradawl.turn.quota.total", "100000"),
  QUOTA_PER_APPLICATION("bradawl.turn.quota.per-application", "as many as the total"),
  QUOTA_PER_USER("bradawl.turn.quota.per-user", "10000"),
  QUOTA_PERMISSIONS("bradawl.turn.quota.permissions", "256"),
  QUOTA_CHANNELS("bradawl.turn.quota.channels", "256"),
  RATE_TOTAL("bradawl.turn.rate.total", "0"),
  RATE_PER_APPLICATION("bradawl.turn.rate.per-application", "0"),
  RATE_PER_USER("bradawl.turn.rate.per-user", "0"),
  RATE_PER_ALLOCATION("bradawl.turn.rate.per-allocation", "0"),
  RATE_REPLIES("bradawl.turn.rate.replies", "500"),
  RATE_REDIRECTED_REPLIES("bradawl.turn.rate.redirected-replies", "50"),
  RATE_EXEMPT("bradawl.turn.rate.exempt", "127.0.0.0/8,::1"),
  ALLOWED_PEERS("bradawl.relay.allowed-peers", "none"),
  DENIED_PEERS("bradawl.relay.denied-peers", "every range that is not global"),
  ALTERNATE_SERVERS("bradawl.turn.alternate-servers", "none"),
  CREDENTIAL_LIFETIME("bradawl.turn.credential-lifetime", "43200"),
  SECRET_OVERLAP("bradawl.turn.secret-overlap", "43200"),
  LOG_LEVELS("bradawl.log.levels", "as the container has them"),
  /** Passwords: not to be read, and users have a resource of their own. */
  USERS("bradawl.turn.users", "none", true),
  /** The same for other realms. */
  REALM_USERS("bradawl.turn.realm-users", "none", true),
  /** A secret: not to be read, and rotated by a command of its own. */
  SECRET("bradawl.turn.secret", "generated and kept", true);

  private final String key;
  private final String usual;
  private final boolean secret;

  LivingKey(String key, String usual) {
    this(key, usual, false);
  }

  LivingKey(String key, String usual, boolean secret) {
    this.key = key;
    this.usual = usual;
    this.secret = secret;
  }

  /** Its name. */
  public String key() {
    return key;
  }

  /** What holds when it is not set, in words. */
  public String usual() {
    return usual;
  }

  /** Whether its value is never shown, and not set through REST. */
  public boolean isSecret() {
    return secret;
  }

  /** The one with this name. */
  public static Optional<LivingKey> of(String key) {
    return all().stream().filter(living -> living.key.equals(key)).findFirst();
  }

  /** All of them. */
  public static List<LivingKey> all() {
    return Arrays.asList(values());
  }
}
