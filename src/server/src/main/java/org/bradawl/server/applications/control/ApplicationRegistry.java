package org.bradawl.server.applications.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Optional;
import org.bradawl.server.platform.control.DatabaseReady;
import org.bradawl.server.platform.control.Secrets;
import org.bradawl.server.platform.control.Transactions;

/**
 * The live application keys in memory. Filled at the start, before anybody is served; after that
 * the database is read only when keys change.
 */
@ApplicationScoped
public class ApplicationRegistry implements KnownKeys {

  @Inject private ApplicationStore store;
  @Inject private Transactions transactions;

  private volatile ApplicationSnapshot snapshot = ApplicationSnapshot.EMPTY;

  void load(@Observes DatabaseReady ready) {
    reload();
  }

  /** Reads the live keys again; call it after the transaction that changed them. */
  public void reload() {
    snapshot = ApplicationSnapshot.of(transactions.call(store::liveKeys));
  }

  @Override
  public Optional<KnownKey> find(String text) {
    return snapshot
        .withHash(Secrets.hash(text))
        .map(key -> new KnownKey(key.id(), key.application()));
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
