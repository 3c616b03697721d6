package org.bradawl.server.applications.control;

import java.util.Optional;
import java.util.UUID;

/** Which application keys open something, answered from memory and from any thread. */
public interface KnownKeys {

  /**
   * A key that was recognised.
   *
   * @param id stays the key's when its text is long forgotten
   * @param application the name of the application that it opens
   */
  record KnownKey(UUID id, String application) {}

  /**
   * What TURN credentials say they were made with: enough of the key's id to know it again among
   * those of one server.
   */
  static String issuer(UUID key) {
    return key.toString().substring(0, 8);
  }

  /** Whether a key with this {@link #issuer} lives. */
  boolean issues(String issuer);

  /** The live key with this text; empty if there is none. */
  Optional<KnownKey> find(String text);

  /** Whether this key still lives and belongs to this application. */
  boolean lives(KnownKey key);
}
