package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.PersistenceException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.server.applications.control.ApplicationRecord;
import org.bradawl.server.applications.control.ApplicationSeed;
import org.bradawl.server.applications.control.ApplicationStore;
import org.bradawl.server.applications.control.KeyRecord;
import org.bradawl.server.platform.control.Configuration.ApplicationKey;
import org.junit.jupiter.api.Test;

/** What the server expects of its database for applications and their keys. */
interface ApplicationsContract extends OnDatabase {

  @Test
  default void applicationsFollowTheConfigurationAndTheDemoStandsAlone() {
    database()
        .run(em -> {
          em.createQuery("delete from ApplicationKeyRow k").executeUpdate();
          em.createQuery("delete from ApplicationRow a").executeUpdate();
        });

    String demoKey = sow().orElseThrow();
    assertThat(sow()).isEmpty();
    assertThat(liveKeys()).containsExactly("demo " + Secrets.hash(demoKey));

    assertThat(sow(new ApplicationKey("shop", "k1"), new ApplicationKey("shop", "k2"))).isEmpty();
    assertThat(liveKeys())
        .containsExactlyInAnyOrder("shop " + Secrets.hash("k1"), "shop " + Secrets.hash("k2"));

    sow(new ApplicationKey("shop", "k2"));
    assertThat(liveKeys()).containsExactly("shop " + Secrets.hash("k2"));

    sow();
    assertThat(liveKeys()).containsExactly("demo " + Secrets.hash(demoKey));
  }

  private Optional<String> sow(ApplicationKey... configured) {
    return database()
        .call(em -> new ApplicationSeed(new ApplicationStore(em), CLOCK).sow(List.of(configured)));
  }

  private List<String> liveKeys() {
    return database()
        .call(em ->
            new ApplicationStore(em)
                .liveKeys().stream().map(key -> key.application() + " " + key.hash()).toList());
  }

  @Test
  default void revokedKeysAndApplicationsOpenNothing() {
    UUID application =
        database().call(em -> new ApplicationStore(em).create("revoking", "rest", NOW));
    UUID key =
        database()
            .call(em ->
                new ApplicationStore(em).addKey(application, "h".repeat(64), "…hhhh", "rest", NOW));
    database()
        .run(em ->
            new ApplicationStore(em).addKey(application, "i".repeat(64), "…iiii", "rest", NOW));

    database().run(em -> new ApplicationStore(em).revokeKey(key, NOW));
    assertThat(liveKeys())
        .contains("revoking " + "i".repeat(64))
        .doesNotContain("revoking " + "h".repeat(64));

    database().run(em -> new ApplicationStore(em).revoke(application, NOW));
    assertThat(liveKeys()).doesNotContain("revoking " + "i".repeat(64));
    assertThat(database().<List<KeyRecord>>call(em -> new ApplicationStore(em).keys(application)))
        .hasSize(2);
    assertThat(
            database()
                .<Optional<ApplicationRecord>>call(
                    em -> new ApplicationStore(em).findByName("revoking")))
        .hasValueSatisfying(found -> assertThat(found.revoked()).isEqualTo(NOW));
  }

  @Test
  default void twoApplicationsCannotHaveOneName() {
    database().run(em -> new ApplicationStore(em).create("twice", "rest", NOW));

    assertThatThrownBy(
            () -> database().run(em -> new ApplicationStore(em).create("twice", "rest", NOW)))
        .isInstanceOf(PersistenceException.class);
  }
}
