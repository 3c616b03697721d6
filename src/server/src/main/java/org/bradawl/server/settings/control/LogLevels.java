package org.bradawl.server.settings.control;

import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sets the levels of loggers, and puts back what they had when a level is no longer asked for. It
 * holds on to the loggers: the log manager forgets one that nobody does.
 */
final class LogLevels {

  private record Had(Logger logger, @Nullable Level level) {}

  private final Map<String, Had> changed = new HashMap<>();

  /** Lets exactly these loggers have these levels. */
  synchronized void apply(Map<String, Level> levels) {
    changed
        .entrySet()
        .removeIf(entry -> {
          boolean over = !levels.containsKey(entry.getKey());
          if (over) {
            entry.getValue().logger().setLevel(entry.getValue().level());
          }
          return over;
        });
    levels.forEach((name, level) ->
        changed
            .computeIfAbsent(
                name,
                unseen -> {
                  Logger logger = Logger.getLogger(unseen);
                  return new Had(logger, logger.getLevel());
                })
            .logger()
            .setLevel(level));
  }
}
