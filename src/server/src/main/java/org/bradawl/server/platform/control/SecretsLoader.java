package org.bradawl.server.platform.control;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/** Loads the secrets, and makes and keeps those that are neither configured nor kept yet. */
final class SecretsLoader {

  private static final String TURN_SECRET = "turn-secret";
  private static final String TOKEN_SIGNING_KEY = "token-signing-key";
  private static final String ADMIN_TOKEN_HASH = "admin-token-hash";

  /** 256 bits, the length of the hashes they are used with. */
  private static final int BYTES = 32;

  private final SecretStore store;
  private final SecureRandom random;
  private final InstantSource clock;

  SecretsLoader(SecretStore store, SecureRandom random, InstantSource clock) {
    this.store = store;
    this.random = random;
    this.clock = clock;
  }

  /**
   * The secrets, and the admin token if it was made just now: this is the only time it is known.
   */
  record Loaded(Secrets secrets, Optional<String> newAdminToken) {}

  Loaded load(Configuration configuration) {
    String turn =
        configuration
            .datapath()
            .turn()
            .secret()
            .orElseGet(() -> kept(TURN_SECRET, this::randomText));
    byte[] signing = Base64.getUrlDecoder().decode(kept(TOKEN_SIGNING_KEY, this::randomText));
    Optional<String> configured = configuration.adminToken().map(Secrets::hash);
    Optional<String> fresh =
        configured.isPresent() || store.find(ADMIN_TOKEN_HASH).isPresent()
            ? Optional.empty()
            : Optional.of(randomText());
    String hash =
        configured.orElseGet(() -> kept(ADMIN_TOKEN_HASH, () -> Secrets.hash(fresh.orElseThrow())));
    return new Loaded(new Secrets(turn, signing, hash), fresh);
  }

  private String kept(String name, Supplier<String> make) {
    return store
        .find(name)
        .orElseGet(() -> {
          String made = make.get();
          store.keep(name, made, clock.instant());
          return made;
        });
  }

  private String randomText() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
