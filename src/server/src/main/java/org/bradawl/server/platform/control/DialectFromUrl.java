package org.bradawl.server.platform.control;

import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.service.spi.ServiceContributor;

/**
 * Tells Hibernate the dialect from the configured URL, so that its factory is built without a
 * connection. Found by Hibernate as a service.
 */
public class DialectFromUrl implements ServiceContributor {

  @Override
  public void contribute(StandardServiceRegistryBuilder builder) {
    builder.applySetting(
        AvailableSettings.DIALECT,
        Configuration.databaseOnly(ContainerConfiguration::value).url().kind().dialect());
  }
}
