package org.bradawl.server.applications.control;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The live keys at one moment.
 *
 * @param byHash the keys by the hash of their text
 * @param byId the same by their id
 * @param issuers what TURN credentials made with them say
 */
record ApplicationSnapshot(
    Map<String, KeyRecord> byHash, Map<UUID, KeyRecord> byId, Set<String> issuers) {

  static final ApplicationSnapshot EMPTY = of(List.of());

  static ApplicationSnapshot of(Collection<KeyRecord> keys) {
    Map<String, KeyRecord> byHash = new HashMap<>();
    Map<UUID, KeyRecord> byId = new HashMap<>();
    for (KeyRecord key : keys) {
      byHash.put(key.hash(), key);
      byId.put(key.id(), key);
    }
    return new ApplicationSnapshot(
        Map.copyOf(byHash),
        Map.copyOf(byId),
        byId.keySet().stream().map(KnownKeys::issuer).collect(Collectors.toUnmodifiableSet()));
  }

  Optional<KeyRecord> withHash(String hash) {
    return Optional.ofNullable(byHash.get(hash));
  }

  /** Whether this key lives and belongs to this application. */
  boolean lives(UUID key, String application) {
    KeyRecord live = byId.get(key);
    return live != null && live.application().equals(application);
  }
}
