package org.bradawl.server.settings.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bradawl.server.platform.control.ConfigFileSource;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.platform.control.ContainerConfiguration;
import org.bradawl.server.platform.control.StartProblem;
import org.bradawl.server.platform.control.Transactions;

/**
 * The configuration as it is now. In this order: what an administrator set through REST, system
 * properties, the environment, the file as it is now, the defaults.
 *
 * <p>A change is read as a whole before it holds: one wrong value, and everything stays.
 */
@ApplicationScoped
public class LiveSettings {

  private static final System.Logger LOG = System.getLogger("bradawl");

  @Inject private Configuration atStart;
  @Inject private SettingStore store;
  @Inject private Transactions transactions;
  @Inject private RelayAccess relay;

  private volatile State state = new State(Map.of(), Map.of(), Optional.empty());
  private final LogLevels logLevels = new LogLevels();

  /** What the values are made from, and what was made of them. */
  private record State(
      Map<String, String> set, Map<String, String> file, Optional<Configuration> read) {}

  /** Where a value comes from. */
  public enum Source {
    REST,
    ENVIRONMENT,
    FILE,
    DEFAULT
  }

  /**
   * A key as it is now.
   *
   * @param value empty if it is not set
   */
  public record Setting(LivingKey key, Optional<String> value, Source source) {}

  /** The configuration now. Only what {@link LivingKey} names can differ from the start. */
  public Configuration current() {
    return state.read().orElse(atStart);
  }

  /**
   * Reads what an administrator set before the last stop; to be called once the schema is there.
   */
  public synchronized Configuration begin() {
    Map<String, String> file = ConfigFileSource.now();
    Map<String, String> set = transactions.call(store::all);
    try {
      state = new State(set, file, Optional.of(read(set, file)));
    } catch (StartProblem outdated) {
      LOG.log(
          Level.ERROR,
          "what was set through /api/v1/configuration no longer fits and is left out: {0}",
          outdated.getMessage());
      state = new State(Map.of(), file, Optional.of(read(Map.of(), file)));
    }
    logLevels.apply(current().operation().logLevels());
    return current();
  }

  /** What an administrator has set. */
  public Map<String, String> set() {
    return state.set();
  }

  /**
   * Changes what an administrator has set.
   *
   * @param keep makes it last; nothing changes if it throws
   * @return the keys whose values changed
   * @throws StartProblem with everything that is wrong; nothing has changed then
   */
  public synchronized Set<String> change(Map<String, String> set, Runnable keep) {
    State now = state;
    Configuration read = read(set, now.file());
    keep.run();
    return adopt(new State(Map.copyOf(set), now.file(), Optional.of(read)));
  }

  /**
   * Takes in a file that has changed.
   *
   * @return the keys whose values changed, whether or not they can while the server runs
   * @throws StartProblem with everything that is wrong; nothing has changed then
   */
  public synchronized Set<String> file(Map<String, String> file) {
    State now = state;
    Set<String> changed = new TreeSet<>();
    Set<String> names = new HashSet<>(file.keySet());
    names.addAll(now.file().keySet());
    names.removeIf(name -> java.util.Objects.equals(file.get(name), now.file().get(name)));
    Configuration read = read(now.set(), file);
    changed.addAll(names);
    adopt(new State(now.set(), Map.copyOf(file), Optional.of(read)));
    return changed;
  }

  private Set<String> adopt(State next) {
    Set<String> changed = new TreeSet<>();
    for (LivingKey key : LivingKey.all()) {
      if (!value(key.key(), state).equals(value(key.key(), next))) {
        changed.add(key.key());
      }
    }
    Configuration before = current();
    state = next;
    if (!changed.isEmpty()) {
      relay.changed(before, current());
      logLevels.apply(current().operation().logLevels());
    }
    return changed;
  }

  /** A key with its value and where that comes from. */
  public Setting setting(LivingKey key) {
    State now = state;
    return new Setting(key, value(key.key(), now), source(key.key(), now));
  }

  private static Source source(String key, State state) {
    if (state.set().containsKey(key)) {
      return Source.REST;
    }
    if (ContainerConfiguration.above(ConfigFileSource.RANK, key).isPresent()) {
      return Source.ENVIRONMENT;
    }
    return state.file().containsKey(key) ? Source.FILE : Source.DEFAULT;
  }

  private static Optional<String> value(String key, State state) {
    return value(key, state.set(), state.file());
  }

  private static Optional<String> value(
      String key, Map<String, String> set, Map<String, String> file) {
    if (LivingKey.of(key).isEmpty()) {
      return ContainerConfiguration.value(key);
    }
    return Optional.ofNullable(set.get(key))
        .or(() -> ContainerConfiguration.above(ConfigFileSource.RANK, key))
        .or(() -> Optional.ofNullable(file.get(key)));
  }

  private static Configuration read(Map<String, String> set, Map<String, String> file) {
    Set<String> names = new HashSet<>(file.keySet());
    names.addAll(set.keySet());
    Map<String, Optional<String>> asked = new HashMap<>();
    return Configuration.from(
        key -> asked.computeIfAbsent(key, unasked -> value(unasked, set, file)), names);
  }
}
