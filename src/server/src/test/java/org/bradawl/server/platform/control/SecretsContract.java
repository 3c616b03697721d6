package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the server expects of its database for the secrets it makes and keeps. */
interface SecretsContract extends OnDatabase {

  @Test
  default void secretsAreMadeOnceAndKept() {
    Configuration defaults = Configuration.from(key -> Optional.empty());
    SecretsLoader.Loaded first = loadSecrets(defaults);
    SecretsLoader.Loaded second = loadSecrets(defaults);

    String token = first.newAdminToken().orElseThrow();
    assertThat(second.newAdminToken()).isEmpty();
    assertThat(second.secrets().turnSecret()).isEqualTo(first.secrets().turnSecret());
    assertThat(second.secrets().tokenSigningKey()).isEqualTo(first.secrets().tokenSigningKey());
    assertThat(second.secrets().isAdminToken(token)).isTrue();
    assertThat(second.secrets().isAdminToken(token + "x")).isFalse();
    assertThat(
            database()
                .<List<String>>call(em ->
                    em.createQuery("select s.content from StoredSecret s", String.class)
                        .getResultList()))
        .isNotEmpty()
        .doesNotContain(token);
  }

  @Test
  default void configuredSecretsWinAndAreNotKept() {
    Map<String, String> values =
        Map.of("bradawl.admin.token", "configured-token", "bradawl.turn.secret", "configured-turn");
    Secrets secrets =
        loadSecrets(Configuration.from(key -> Optional.ofNullable(values.get(key)))).secrets();

    assertThat(secrets.isAdminToken("configured-token")).isTrue();
    assertThat(secrets.turnSecret()).isEqualTo("configured-turn");
    assertThat(
            database()
                .<List<String>>call(em ->
                    em.createQuery("select s.content from StoredSecret s", String.class)
                        .getResultList()))
        .doesNotContain("configured-turn", Secrets.hash("configured-token"));
  }

  private SecretsLoader.Loaded loadSecrets(Configuration configuration) {
    return database()
        .call(em ->
            new SecretsLoader(new SecretStore(em), new SecureRandom(), CLOCK).load(configuration));
  }
}
