package org.bradawl.server.platform.control;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The properties file that the system property or environment variable {@code bradawl.config}
 * names. It ranks below system properties (400) and the environment (300), above what the WAR
 * brings (100). Found by MicroProfile Config as a service; one that cannot be read is reported by
 * {@link Configuration}.
 */
public class ConfigFileSource implements ConfigSource {

  static final String KEY = "bradawl.config";

  /** Sources above this one are the environment and the command line. */
  public static final int RANK = 200;

  private final Map<String, String> values;

  /** Reads the file, if one is named. */
  public ConfigFileSource() {
    this.values = now();
  }

  /** The file, if one is named. */
  public static Optional<Path> file() {
    String named = System.getProperty(KEY);
    String file = named != null ? named : System.getenv("BRADAWL_CONFIG");
    return file == null || file.isBlank() ? Optional.empty() : Optional.of(Path.of(file));
  }

  /** What the file says now; nothing if there is none, or none that can be read. */
  public static Map<String, String> now() {
    return file().map(ConfigFileSource::readIfPossible).orElse(Map.of());
  }

  private static Map<String, String> readIfPossible(Path file) {
    try {
      return read(file);
    } catch (IOException unreadable) {
      return Map.of(); // Configuration reads it again, and says so
    }
  }

  /**
   * The keys and values of a properties file, UTF-8.
   *
   * @throws IOException if it cannot be read, or is no properties file
   */
  public static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IllegalArgumentException malformed) {
      throw new IOException("not a properties file", malformed);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toUnmodifiableMap(name -> name, properties::getProperty));
  }

  @Override
  public int getOrdinal() {
    return RANK;
  }

  @Override
  public Set<String> getPropertyNames() {
    return values.keySet();
  }

  @Override
  public @Nullable String getValue(String name) {
    return values.get(name);
  }

  @Override
  public String getName() {
    return KEY;
  }
}
