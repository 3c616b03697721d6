package org.bradawl.server.applications.control;

import java.util.Set;
import java.util.UUID;

/**
 * Fired, and observed synchronously, when application keys are no more: what was admitted by them
 * ends now.
 */
public record KeysRevoked(Set<UUID> keys) {

  /** Keeps its own copy. */
  public KeysRevoked {
    keys = Set.copyOf(keys);
  }
}
