package org.bradawl.datapath;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.TurnPolicy;

/**
 * Everything an engine is started with, parsed and checked.
 *
 * @param shards how many threads share the work; 0 for one per processor where the system can share
 *     a port among them, else one
 * @param protectedServices what else this server serves, and must never be relayed to even where
 *     the address is allowed: HTTP, a database. With 0.0.0.0 or :: the port counts on every own
 *     address
 */
public record DatapathSettings(
    ListenSettings listen,
    RelaySettings relay,
    TurnAccess turn,
    LimitSettings limits,
    TlsSettings tls,
    EngineChoice engine,
    int shards,
    Set<TransportAddress> protectedServices) {

  static final String ENGINE = "bradawl.engine";

  /** How many shards. */
  public static final String SHARDS = "bradawl.engine.shards";

  private static final int MAX_SHARDS = 256;

  /**
   * Reads the {@code bradawl.listen.*}, {@code bradawl.relay.*}, {@code bradawl.turn.*} and {@code
   * bradawl.engine*} keys.
   *
   * @param lookup the value of a key, if it is configured
   * @throws ConfigurationProblem for the first wrong value, with its key and the remedy
   */
  public static DatapathSettings from(Function<String, Optional<String>> lookup) {
    SettingsReader reader = new SettingsReader(lookup);
    return new DatapathSettings(
        ListenSettings.from(reader),
        RelaySettings.from(reader),
        TurnAccess.from(reader),
        LimitSettings.from(reader),
        TlsSettings.from(reader),
        reader.text(ENGINE).map(DatapathSettings::engine).orElse(EngineChoice.AUTO),
        reader.number(SHARDS, 0, 0, MAX_SHARDS, "is no number of threads"),
        Set.of());
  }

  /**
   * How many shards to run here; only Linux spreads the clients of a shared port over its sockets.
   */
  public int shardCount() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return 1;
    }
    return shards > 0 ? shards : Runtime.getRuntime().availableProcessors();
  }

  /** The same, with these services protected from being relayed to. */
  public DatapathSettings protecting(Set<TransportAddress> services) {
    return new DatapathSettings(
        listen, relay, turn, limits, tls, engine, shards, Set.copyOf(services));
  }

  /** What of these settings may change while the relay runs. */
  public TurnPolicy policy() {
    return new TurnPolicy(limits.quotas(), limits.rates(), limits.replies(), relay.peers());
  }

  private static EngineChoice engine(String text) {
    for (EngineChoice choice : EngineChoice.values()) {
      if (choice.key().equals(text)) {
        return choice;
      }
    }
    throw new ConfigurationProblem(
        ENGINE, "names no engine", "Give auto, linux or portable, or leave it out for auto.");
  }
}
