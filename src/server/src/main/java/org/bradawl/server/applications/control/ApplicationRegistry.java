package org.bradawl.server.applications.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.bradawl.server.platform.control.DatabaseAnswers;
import org.bradawl.server.platform.control.DatabaseReady;
import org.bradawl.server.platform.control.Secrets;
import org.bradawl.server.platform.control.Transactions;

/**
 * The live application keys in memory. Filled at the start, as soon as the schema is there, and
 * again when keys change.
 */
@ApplicationScoped
public class ApplicationRegistry implements KnownKeys {

  @Inject private ApplicationStore store;
  @Inject private Transactions transactions;
  @Inject private Event<KeysRevoked> revoked;

  private volatile ApplicationSnapshot snapshot = ApplicationSnapshot.EMPTY;

  /** Before anybody is served, so that all are known should the database go away. */
  void load(@Observes DatabaseReady ready) {
    reload();
  }

  /** Takes in what was changed past this server, or when the database was away just then. */
  void refresh(@Observes DatabaseAnswers answers) {
    reload();
  }

  /**
   * Reads the live keys again; call it after the transaction that changed them. Should that fail,
   * {@link #refresh} does it as soon as the database answers.
   */
  public synchronized void reload() {
    ApplicationSnapshot before = snapshot;
    ApplicationSnapshot after = ApplicationSnapshot.of(transactions.call(store::liveKeys));
    snapshot = after;
    Set<UUID> gone = new HashSet<>(before.byId().keySet());
    gone.removeAll(after.byId().keySet());
    if (!gone.isEmpty()) {
      revoked.fire(new KeysRevoked(gone));
    }
  }

  @Override
  public Optional<KnownKey> find(String text) {
    return snapshot
        .withHash(Secrets.hash(text))
        .map(key -> new KnownKey(key.id(), key.application()));
  }

  @Override
  public boolean issues(String issuer) {
    return snapshot.issuers().contains(issuer);
  }

  @Override
  public boolean lives(KnownKey key) {
    return snapshot.lives(key.id(), key.application());
  }

  /** The key of the demo application; empty unless this server runs with it. */
  public Optional<KnownKey> demoKey() {
    return snapshot.byId().values().stream()
        .filter(key -> key.origin().equals(ApplicationStore.GENERATED))
        .map(key -> new KnownKey(key.id(), key.application()))
        .findFirst();
  }

  /** How many applications have a live key. */
  public long applications() {
    return snapshot.byId().values().stream().map(KeyRecord::applicationId).distinct().count();
  }
}
