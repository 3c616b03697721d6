package org.bradawl.server.platform.control;

import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/** The values of configuration keys as the container's MicroProfile Config has them. */
public final class ContainerConfiguration {

  private ContainerConfiguration() {}

  /** The value of a key; empty if it is not configured. */
  public static Optional<String> value(String key) {
    return ConfigProvider.getConfig().getOptionalValue(key, String.class);
  }

  /** The names of everything that is configured, by whomever. */
  public static Iterable<String> names() {
    return ConfigProvider.getConfig().getPropertyNames();
  }
}
