package org.bradawl.server.settings.control;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bradawl.server.platform.control.ConfigFileSource;
import org.bradawl.server.platform.control.DatabaseReady;
import org.bradawl.server.platform.control.HistoryEntry.AdminActed;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.platform.control.ServerStopping;
import org.bradawl.server.platform.control.StartProblem;

/**
 * Looks at the configuration file again and again. Looking works on every file system, also where a
 * container mounts the file, and an editor that writes in several steps is waited for: a file is
 * read when it has not changed since the last look.
 */
@ApplicationScoped
public class ConfigFileWatch {

  /** A change holds within two seconds: one to be seen, one to see that it is whole. */
  private static final int PERIOD_SECONDS = 1;

  private static final System.Logger LOG = System.getLogger("bradawl");

  @Inject private LiveSettings settings;
  @Inject private RecordQueue records;
  @Inject private InstantSource clock;
  @Resource private ManagedScheduledExecutorService timer;

  private volatile Optional<Future<?>> looking = Optional.empty();
  private String seen = "";
  private String read = "";

  void begin(@Observes DatabaseReady ready) {
    Optional<Path> file = ConfigFileSource.file();
    if (file.isPresent()) {
      seen = look(file.get());
      read = seen;
      looking =
          Optional.of(
              timer.scheduleWithFixedDelay(
                  () -> lookAgain(file.get()), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS));
    }
  }

  void end(@Observes ServerStopping stopping) {
    looking.ifPresent(task -> task.cancel(false));
  }

  private void lookAgain(Path file) {
    try {
      String now = look(file);
      if (now.equals(seen) && !now.equals(read) && !now.isEmpty()) {
        read = now;
        take(file);
      }
      seen = now;
    } catch (RuntimeException failed) { // or the executor would never look again
      LOG.log(Level.WARNING, "a look at the configuration file failed", failed);
    }
  }

  /** What changes when the file does; empty if there is none. */
  private static String look(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    } catch (IOException gone) {
      return "";
    }
  }

  private void take(Path file) {
    try {
      Map<String, String> values = ConfigFileSource.read(file);
      Set<String> changed = settings.file(values);
      if (!changed.isEmpty()) {
        tell(changed);
      }
    } catch (IOException unreadable) {
      LOG.log(Level.ERROR, "{0} cannot be read; nothing has changed", file);
    } catch (StartProblem wrong) {
      wrong
          .lines()
          .forEach(line -> LOG.log(Level.ERROR, file + ": " + line + " Nothing has changed."));
    }
  }

  private void tell(Set<String> changed) {
    Set<String> living =
        changed.stream()
            .filter(key -> LivingKey.of(key).isPresent())
            .collect(Collectors.toCollection(TreeSet::new));
    if (!living.isEmpty()) {
      LOG.log(Level.INFO, "changed by the configuration file: {0}", String.join(", ", living));
      records.offer(
          new AdminActed(
              UUID.randomUUID(),
              clock.instant(),
              "configuration file",
              "change-configuration",
              String.join(", ", living),
              ""));
    }
    Set<String> others = new TreeSet<>(changed);
    others.removeAll(living);
    others.removeIf(key -> !key.startsWith("bradawl."));
    if (!others.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "changed in the configuration file, and read at the next start only: {0}",
          String.join(", ", others));
    }
  }
}
