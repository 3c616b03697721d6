package org.bradawl.server.applications.control;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The applications and live keys at one moment.
 *
 * @param byHash the live keys by the hash of their text
 * @param byId the same by their id
 */
record ApplicationSnapshot(Map<String, LiveKey> byHash, Map<UUID, LiveKey> byId) {

  static final ApplicationSnapshot EMPTY = of(java.util.List.of());

  /**
   * A key that opens its application.
   *
   * @param hash the hash of the key's text, see {@link KeyText#hash}
   */
  record LiveKey(UUID id, String application, String hash) {}

  static ApplicationSnapshot of(Collection<LiveKey> keys) {
    Map<String, LiveKey> byHash = new HashMap<>();
    Map<UUID, LiveKey> byId = new HashMap<>();
    for (LiveKey key : keys) {
      byHash.put(key.hash(), key);
      byId.put(key.id(), key);
    }
    return new ApplicationSnapshot(Map.copyOf(byHash), Map.copyOf(byId));
  }

  Optional<LiveKey> withHash(String hash) {
    return Optional.ofNullable(byHash.get(hash));
  }

  /** Whether this key lives and belongs to this application. */
  boolean lives(UUID key, String application) {
    LiveKey live = byId.get(key);
    return live != null && live.application().equals(application);
  }
}
