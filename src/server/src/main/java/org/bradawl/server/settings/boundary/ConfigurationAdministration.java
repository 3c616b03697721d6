package org.bradawl.server.settings.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.bradawl.server.http.boundary.Administrator;
import org.bradawl.server.platform.control.AuditStore;
import org.bradawl.server.platform.control.Transactions;
import org.bradawl.server.settings.control.LiveSettings;
import org.bradawl.server.settings.control.SettingStore;
import org.bradawl.server.settings.control.TurnSecrets;

/**
 * The transactions of the resources: what is set and what is written into the record of admin
 * actions are one. The record has the keys and never a value.
 */
@ApplicationScoped
public class ConfigurationAdministration {

  @Inject private LiveSettings settings;
  @Inject private SettingStore store;
  @Inject private TurnSecrets secrets;
  @Inject private AuditStore audit;
  @Inject private Transactions transactions;
  @Inject private Administrator administrator;
  @Inject private InstantSource clock;

  /** Sets exactly these keys; the keys that changed. */
  Set<String> change(Map<String, String> set) {
    return settings.change(
        set,
        () ->
            transactions.call(() -> {
              store.replace(set, clock.instant());
              audit.write(
                  administrator.acted("change-configuration", String.join(", ", named(set)), ""));
              return set;
            }));
  }

  /** The keys that are set otherwise than before. */
  private Set<String> named(Map<String, String> set) {
    Map<String, String> before = settings.set();
    Set<String> named = new TreeSet<>(set.keySet());
    named.addAll(before.keySet());
    named.removeIf(key -> Objects.equals(set.get(key), before.get(key)));
    return named;
  }

  /** Makes a new secret of ephemeral credentials. */
  void rotateSecret(Duration overlap) {
    secrets.rotate(
        overlap,
        () ->
            audit.write(
                administrator.acted(
                    "rotate-secret", "turn-secret", "overlap " + overlap.toSeconds() + " s")));
  }
}
