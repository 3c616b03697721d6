package org.bradawl.server.applications.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.platform.control.Secrets;

/**
 * What an administrator does to applications. Each call belongs to the caller's transaction; after
 * it the {@link ApplicationRegistry} has to be told.
 */
@ApplicationScoped
public class ApplicationKeeper {

  /** Two for a change of keys without a gap, and room for several installations of one program. */
  static final int MAX_LIVE_KEYS = 10;

  @Inject private ApplicationStore store;
  @Inject private InstantSource clock;

  private final SecureRandom random = new SecureRandom();

  /**
   * A key that was just made; nobody can show it again.
   *
   * @param text the key itself
   */
  public record MadeKey(String application, UUID id, String text, String hint, Instant created) {
    /** Leaves the text out. */
    @Override
    public String toString() {
      return "MadeKey[application=%s, id=%s]".formatted(application, id);
    }
  }

  /** What became of it. */
  public sealed interface Outcome {
    /** A key was made. */
    record Made(MadeKey key) implements Outcome {}

    /** It was done, and there is nothing to show. */
    record Done() implements Outcome {}

    /** There is no such application or key. */
    record Absent() implements Outcome {}

    /** It cannot be done, for this reason. */
    record Refused(String why) implements Outcome {}
  }

  /** Adds an application with its first key. The name of a deleted one may be used again. */
  public Outcome create(String name) {
    Optional<ApplicationRecord> known = store.findByName(name);
    if (known.isPresent() && known.get().revoked() == null) {
      return new Outcome.Refused("An application \"" + name + "\" exists already.");
    }
    known.ifPresent(application -> store.restore(application.id()));
    UUID id =
        known
            .map(ApplicationRecord::id)
            .orElseGet(() -> store.create(name, ApplicationStore.FROM_REST, now()));
    return new Outcome.Made(make(name, id, ApplicationStore.FROM_REST));
  }

  /** Adds a key beside those that an application has. */
  public Outcome addKey(String name) {
    Optional<ApplicationRecord> application = live(name);
    if (application.isEmpty()) {
      return new Outcome.Absent();
    }
    if (liveKeys(application.get()).size() >= MAX_LIVE_KEYS) {
      return new Outcome.Refused(
          "The application has %d keys, which is the limit; revoke one.".formatted(MAX_LIVE_KEYS));
    }
    return new Outcome.Made(make(name, application.get().id(), originOfKeys(application.get())));
  }

  /** Makes a key and revokes all others of the application in the same moment. */
  public Outcome rotate(String name) {
    Optional<ApplicationRecord> application = live(name);
    if (application.isEmpty()) {
      return new Outcome.Absent();
    }
    List<KeyRecord> old = liveKeys(application.get());
    if (old.stream().anyMatch(ApplicationKeeper::isConfigured)) {
      return new Outcome.Refused(FROM_CONFIGURATION);
    }
    old.forEach(key -> store.revokeKey(key.id(), now()));
    return new Outcome.Made(make(name, application.get().id(), originOfKeys(application.get())));
  }

  /** Revokes one key; tokens that were made with it end with it. */
  public Outcome revokeKey(String name, UUID key) {
    Optional<KeyRecord> found =
        live(name).stream()
            .flatMap(application -> liveKeys(application).stream())
            .filter(candidate -> candidate.id().equals(key))
            .findFirst();
    if (found.isEmpty()) {
      return new Outcome.Absent();
    }
    if (isConfigured(found.get())) {
      return new Outcome.Refused(FROM_CONFIGURATION);
    }
    store.revokeKey(key, now());
    return new Outcome.Done();
  }

  /** Ends an application and revokes its keys, so that its name is free. */
  public Outcome delete(String name) {
    Optional<ApplicationRecord> application = live(name);
    if (application.isEmpty()) {
      return new Outcome.Absent();
    }
    List<KeyRecord> keys = liveKeys(application.get());
    if (keys.stream().anyMatch(ApplicationKeeper::isConfigured)) {
      return new Outcome.Refused(FROM_CONFIGURATION);
    }
    keys.forEach(key -> store.revokeKey(key.id(), now()));
    store.revoke(application.get().id(), now());
    return new Outcome.Done();
  }

  private static final String FROM_CONFIGURATION =
      "A key of this application stands in bradawl.applications and would be back at the next"
          + " start; take it out there.";

  private MadeKey make(String name, UUID application, String origin) {
    String text = KeyText.generate(random);
    Instant now = now();
    UUID id = store.addKey(application, Secrets.hash(text), KeyText.hint(text), origin, now);
    return new MadeKey(name, id, text, KeyText.hint(text), now);
  }

  /** The demo page works with keys of the demo application only while they are generated ones. */
  private static String originOfKeys(ApplicationRecord application) {
    return application.origin().equals(ApplicationStore.GENERATED)
        ? ApplicationStore.GENERATED
        : ApplicationStore.FROM_REST;
  }

  private Optional<ApplicationRecord> live(String name) {
    return store.findByName(name).filter(application -> application.revoked() == null);
  }

  private List<KeyRecord> liveKeys(ApplicationRecord application) {
    return store.keys(application.id()).stream().filter(key -> key.revoked() == null).toList();
  }

  private static boolean isConfigured(KeyRecord key) {
    return key.origin().equals(ApplicationStore.FROM_CONFIGURATION);
  }

  /** Databases keep microseconds. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
