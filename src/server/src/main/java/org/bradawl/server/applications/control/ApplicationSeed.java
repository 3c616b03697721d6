package org.bradawl.server.applications.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bradawl.server.platform.control.Configuration.ApplicationKey;
import org.bradawl.server.platform.control.Secrets;
import org.bradawl.server.platform.control.StartProblem;

/**
 * Brings the stored applications in line with {@code bradawl.applications}. Without that key and
 * without any application there is the demo application, whose key is generated. Needs the caller's
 * transaction.
 */
@ApplicationScoped
public class ApplicationSeed {

  static final String DEMO = "demo";

  private final SecureRandom random = new SecureRandom();
  private ApplicationStore store;
  private InstantSource clock;

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected ApplicationSeed() {}

  /** A seed for this store. */
  @Inject
  public ApplicationSeed(ApplicationStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Stores what is configured and revokes what no longer is.
   *
   * @return the key of the demo application if it was made just now: the only time it is known
   */
  public Optional<String> sow(List<ApplicationKey> configured) {
    Instant now = clock.instant();
    Map<String, KeyRecord> known =
        store.list(0, Integer.MAX_VALUE).items().stream()
            .flatMap(application -> store.keys(application.id()).stream())
            .collect(Collectors.toMap(KeyRecord::hash, Function.identity()));
    configured.forEach(entry -> sow(entry, known, now));
    revokeOthers(configured, known, now);
    return configured.isEmpty() && store.list(0, 1).total() == 0
        ? Optional.of(sowDemo(now))
        : Optional.empty();
  }

  private void sow(ApplicationKey entry, Map<String, KeyRecord> known, Instant now) {
    String hash = Secrets.hash(entry.key());
    KeyRecord key = known.get(hash);
    if (key != null && !key.application().equals(entry.application())) {
      throw new StartProblem(
          List.of(
              "bradawl.applications gives the application %s a key that %s has already. Give it one of its own."
                  .formatted(entry.application(), key.application())));
    }
    UUID application = applicationOf(entry.application(), now);
    if (key == null) {
      store.addKey(
          application, hash, KeyText.hint(entry.key()), ApplicationStore.FROM_CONFIGURATION, now);
    } else {
      store.restoreKey(key.id());
    }
  }

  private UUID applicationOf(String name, Instant now) {
    Optional<ApplicationRecord> stored = store.findByName(name);
    stored.ifPresent(application -> store.restore(application.id()));
    return stored
        .map(ApplicationRecord::id)
        .orElseGet(() -> store.create(name, ApplicationStore.FROM_CONFIGURATION, now));
  }

  /**
   * A key that was taken out of the configuration opens nothing any more; nor does the demo key, as
   * long as there are others.
   */
  private void revokeOthers(
      List<ApplicationKey> configured, Map<String, KeyRecord> known, Instant now) {
    Set<String> wanted =
        configured.stream()
            .map(ApplicationKey::key)
            .map(Secrets::hash)
            .collect(Collectors.toUnmodifiableSet());
    for (KeyRecord key : known.values()) {
      boolean demo = key.origin().equals(ApplicationStore.GENERATED);
      if (demo && configured.isEmpty()) {
        store.restoreKey(key.id());
      } else if (demo
          || (key.origin().equals(ApplicationStore.FROM_CONFIGURATION)
              && !wanted.contains(key.hash()))) {
        store.revokeKey(key.id(), now);
      }
    }
  }

  private String sowDemo(Instant now) {
    String key = KeyText.generate(random);
    UUID application = store.create(DEMO, ApplicationStore.GENERATED, now);
    store.addKey(
        application, Secrets.hash(key), KeyText.hint(key), ApplicationStore.GENERATED, now);
    return key;
  }
}
