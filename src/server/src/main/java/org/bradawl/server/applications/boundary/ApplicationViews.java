package org.bradawl.server.applications.boundary;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.bradawl.server.applications.control.ApplicationRecord;
import org.bradawl.server.applications.control.KeyRecord;
import org.jspecify.annotations.Nullable;

/** What the resource of applications answers with. */
final class ApplicationViews {

  private ApplicationViews() {}

  /** A key, without the key. */
  public record Key(
      UUID id, String hint, String origin, Instant created, @Nullable Instant revoked) {
    static Key of(KeyRecord key) {
      return new Key(key.id(), key.hint(), key.origin(), key.created(), key.revoked());
    }
  }

  /** An application. */
  public record Application(
      String name, String origin, Instant created, @Nullable Instant revoked, List<Key> keys) {
    static Application of(ApplicationRecord application, List<KeyRecord> keys) {
      return new Application(
          application.name(),
          application.origin(),
          application.created(),
          application.revoked(),
          keys.stream().map(Key::of).toList());
    }
  }

  /** A page of applications. */
  public record ApplicationPage(List<Application> items, long total, @Nullable String next) {}

  /** A key that was just made. */
  public record NewKey(String application, UUID id, String key, String hint, Instant created) {

    /** Leaves the key out. */
    @Override
    public String toString() {
      return "NewKey[application=%s, id=%s]".formatted(application, id);
    }
  }
}
