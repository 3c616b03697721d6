package org.bradawl.server.platform.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Makes what every component injects. Each is made when it is first asked for, which is in the
 * order that {@link org.bradawl.server.platform.boundary.Startup} asks.
 */
@ApplicationScoped
public class PlatformBeans {

  private static final System.Logger LOG = System.getLogger("bradawl");

  /** Read from the container's configuration. */
  @Produces
  @Singleton
  Configuration configuration() {
    return Configuration.from(ContainerConfiguration::value, ContainerConfiguration.names());
  }

  /** Calendar time. */
  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  /** Loaded from the database, which must have its schema by then. */
  @Produces
  @Singleton
  Secrets secrets(
      Configuration configuration,
      SecretStore store,
      Transactions transactions,
      InstantSource clock) {
    SecretsLoader loader = new SecretsLoader(store, new SecureRandom(), clock);
    SecretsLoader.Loaded loaded = transactions.call(() -> loader.load(configuration));
    loaded
        .newAdminToken()
        .ifPresent(token ->
            LOG.log(System.Logger.Level.INFO, "bradawl admin token, shown this once: {0}", token));
    return loaded.secrets();
  }
}
