package org.bradawl.server.platform.control;

import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.ConfigValue;

/** The values of configuration keys as the container's MicroProfile Config has them. */
public final class ContainerConfiguration {

  private ContainerConfiguration() {}

  /** The value of a key; empty if it is not configured. */
  public static Optional<String> value(String key) {
    return ConfigProvider.getConfig().getOptionalValue(key, String.class);
  }

  /** The value of a key if a source above this rank has it. */
  public static Optional<String> above(int rank, String key) {
    ConfigValue found = ConfigProvider.getConfig().getConfigValue(key);
    return found.getSourceOrdinal() > rank
        ? Optional.ofNullable(found.getValue())
        : Optional.empty();
  }

  /** The names of everything that is configured, by whomever. */
  public static Iterable<String> names() {
    return ConfigProvider.getConfig().getPropertyNames();
  }
}
