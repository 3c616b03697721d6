package org.bradawl.server.platform.control;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;

/** Reads {@link Configuration.Operation}. */
final class OperationReader {

  private static final String LOG_LEVELS = "bradawl.log.levels";

  /** As long as credentials live by default, so that a rotation cuts nobody off. In seconds. */
  private static final int DEFAULT_OVERLAP = Configuration.DEFAULT_CREDENTIAL_LIFETIME;

  private static final int MONTH = 2_592_000;
  private static final int DAY = 86_400;

  private OperationReader() {}

  static Configuration.Operation read(ConfigurationReader reader) {
    return new Configuration.Operation(
        Duration.ofSeconds(reader.number("bradawl.turn.secret-overlap", DEFAULT_OVERLAP, 0, MONTH)),
        Duration.ofSeconds(reader.number("bradawl.drain.seconds", 0, 0, DAY)),
        logLevels(reader));
  }

  private static Map<String, Level> logLevels(ConfigurationReader reader) {
    Map<String, Level> levels = new HashMap<>();
    for (String entry : reader.list(LOG_LEVELS)) {
      int sign = entry.indexOf('=');
      Optional<Level> level = sign < 1 ? Optional.empty() : level(entry.substring(sign + 1));
      if (level.isEmpty() || !entry.substring(0, sign).matches("[A-Za-z0-9_.]{1,200}")) {
        reader.wrong(
            LOG_LEVELS,
            "has an entry that is not LOGGER=LEVEL",
            "Give entries like org.bradawl.datapath=DEBUG, separated by commas, with the levels"
                + " TRACE, DEBUG, INFO, WARNING, ERROR and OFF.");
        return Map.of();
      }
      levels.put(entry.substring(0, sign), level.get());
    }
    return levels;
  }

  private static Optional<Level> level(String text) {
    return switch (text.strip().toUpperCase(Locale.ROOT)) {
      case "TRACE" -> Optional.of(Level.FINER);
      case "DEBUG" -> Optional.of(Level.FINE);
      case "INFO" -> Optional.of(Level.INFO);
      case "WARNING" -> Optional.of(Level.WARNING);
      case "ERROR" -> Optional.of(Level.SEVERE);
      case "OFF" -> Optional.of(Level.OFF);
      default -> Optional.empty();
    };
  }
}
