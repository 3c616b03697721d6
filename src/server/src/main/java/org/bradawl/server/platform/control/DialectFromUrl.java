package org.bradawl.server.platform.control;

import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.service.spi.ServiceContributor;

/**
 * Tells Hibernate the dialect from the configured URL, so that its factory is built without a
 * connection; a dialect that is set already stays. Found by Hibernate as a service.
 */
public class DialectFromUrl implements ServiceContributor {

  @Override
  public void contribute(StandardServiceRegistryBuilder builder) {
    builder
        .getSettings()
        .computeIfAbsent(
            AvailableSettings.DIALECT,
            key ->
                Configuration.databaseOnly(ContainerConfiguration::value).url().kind().dialect());
  }
}
