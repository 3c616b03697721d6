package org.bradawl.server.applications.boundary;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.bradawl.server.applications.control.ApplicationNames;
import org.bradawl.server.applications.control.ApplicationRecord;
import org.bradawl.server.applications.control.KeyRecord;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the resource of applications answers with. */
final class ApplicationViews {

  private ApplicationViews() {}

  /** A key, without the key. */
  @Schema(name = "ApplicationKey", description = "A key of an application, without its text.")
  public record Key(
      UUID id,
      @Schema(description = "The end of its text, to know it again", example = "…x4Kq") String hint,
      @Schema(description = "configuration, generated or rest", example = "rest") String origin,
      Instant created,
      @Schema(description = "Absent while it is in use") @Nullable Instant revoked) {
    static Key of(KeyRecord key) {
      return new Key(key.id(), key.hint(), key.origin(), key.created(), key.revoked());
    }
  }

  /** An application. */
  @Schema(name = "Application", description = "An application: a namespace of peers and rooms.")
  public record Application(
      @Schema(pattern = ApplicationNames.PATTERN, example = "chat") String name,
      @Schema(description = "configuration, generated or rest", example = "rest") String origin,
      Instant created,
      @Schema(description = "Absent while it is in use") @Nullable Instant revoked,
      @Schema(description = "Oldest first, those that were revoked too") List<Key> keys) {
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
  @Schema(name = "ApplicationPage", description = "A page of applications.")
  public record ApplicationPage(
      List<Application> items,
      @Schema(description = "How many there are on all pages") long total,
      @Schema(description = "The cursor of the next page; absent on the last")
          @Nullable String next) {}

  /** A key that was just made. */
  @Schema(name = "NewApplicationKey", description = "A key, shown this once.")
  public record NewKey(
      @Schema(example = "chat") String application,
      UUID id,
      @Schema(description = "The key. It is shown this once; only its hash is kept.") String key,
      String hint,
      Instant created) {

    /** Leaves the key out. */
    @Override
    public String toString() {
      return "NewKey[application=%s, id=%s]".formatted(application, id);
    }
  }

  /** What a new application is asked for with. */
  @Schema(name = "ApplicationRequest", description = "The name of a new application.")
  public record Request(
      @Schema(
              required = true,
              description = "1 to 64 characters of A-Z a-z 0-9 . _ ~ -",
              pattern = ApplicationNames.PATTERN,
              example = "chat")
          String name) {}
}
