package org.bradawl.datapath;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.RelayAddress;

/**
 * What clients are told for each relay address behind a 1:1 NAT. Names are resolved here and never
 * on a shard: the resolver blocks.
 */
final class ExternalAddresses {

  /** How names become addresses. */
  interface Resolver {
    InetAddress[] resolve(String name) throws UnknownHostException;
  }

  private static final Logger LOG = System.getLogger(ExternalAddresses.class.getName());

  /**
   * Names of changing addresses usually live for a minute in the DNS, and the JDK keeps an answer
   * for half of one.
   */
  private static final Duration RESOLVE_EVERY = Duration.ofMinutes(1);

  private final List<ExternalAddress> entries;
  private final List<IpAddress> local;
  private final Resolver resolver;
  private List<RelayAddress> known = List.of();
  private final Rhythm rhythm = new Rhythm(RESOLVE_EVERY);

  /**
   * Resolves for the first time.
   *
   * @param local where relay sockets are bound
   * @throws ConfigurationProblem if a name does not resolve
   */
  ExternalAddresses(RelaySettings settings, List<IpAddress> local) {
    this(settings, local, InetAddress::getAllByName);
  }

  ExternalAddresses(RelaySettings settings, List<IpAddress> local, Resolver resolver) {
    this.entries = settings.externalAddresses();
    this.local = local;
    this.resolver = resolver;
    checkPairs();
    try {
      this.known = resolve();
    } catch (UnknownHostException e) {
      throw new ConfigurationProblem(
          RelaySettings.EXTERNAL_ADDRESS,
          "holds a name that does not resolve",
          "Check the name and this machine's DNS, or give addresses.",
          e);
    }
  }

  /** The relay addresses with what clients are told, as last resolved. */
  public synchronized List<RelayAddress> relayAddresses() {
    return known;
  }

  /** Whether there is a name, whose address may change. */
  public boolean mayChange() {
    return entries.stream().anyMatch(ExternalAddresses::isName);
  }

  private static boolean isName(ExternalAddress entry) {
    return switch (entry) {
      case ExternalAddress.Name _ -> true;
      case ExternalAddress.Literal _ -> false;
      case ExternalAddress.Pair pair -> isName(pair.outside());
    };
  }

  /**
   * Resolves again and again until closed, on the caller's thread.
   *
   * @param changed told the new addresses whenever they differ from the last ones
   */
  public void follow(Consumer<List<RelayAddress>> changed) {
    while (rhythm.next()) {
      refresh(changed);
    }
  }

  /** Ends {@link #follow}. */
  public void close() {
    rhythm.end();
  }

  /** Resolves once. While names do not resolve, the last answer stands. */
  void refresh(Consumer<List<RelayAddress>> changed) {
    try {
      List<RelayAddress> resolved = resolve();
      synchronized (this) {
        if (resolved.equals(known)) {
          return;
        }
        known = resolved;
      }
      LOG.log(Level.INFO, "relayed addresses are now told as {0}", resolved);
      changed.accept(resolved);
    } catch (UnknownHostException e) {
      LOG.log(Level.WARNING, RelaySettings.EXTERNAL_ADDRESS + " does not resolve; kept as it was");
    }
  }

  private List<RelayAddress> resolve() throws UnknownHostException {
    List<IpAddress> anywhere = new ArrayList<>();
    Map<IpAddress, List<IpAddress>> paired = new HashMap<>();
    for (ExternalAddress entry : entries) {
      switch (entry) {
        case ExternalAddress.Pair pair ->
            paired
                .computeIfAbsent(pair.inside(), inside -> new ArrayList<>())
                .addAll(resolve(pair.outside()));
        case ExternalAddress.Literal _, ExternalAddress.Name _ -> anywhere.addAll(resolve(entry));
      }
    }
    return local.stream()
        .map(address -> told(address, paired.getOrDefault(address, anywhere)))
        .toList();
  }

  private List<IpAddress> resolve(ExternalAddress entry) throws UnknownHostException {
    return switch (entry) {
      case ExternalAddress.Literal literal -> List.of(literal.address());
      case ExternalAddress.Name name ->
          Arrays.stream(resolver.resolve(name.name())).map(IpAddress::of).toList();
      case ExternalAddress.Pair pair -> resolve(pair.outside());
    };
  }

  /**
   * The first of the family; but what was told last time stays, if it is still among them: servers
   * of names give several addresses in turn.
   */
  private RelayAddress told(IpAddress address, List<IpAddress> external) {
    List<IpAddress> ofFamily =
        external.stream().filter(candidate -> candidate.family() == address.family()).toList();
    return known.stream()
        .filter(last -> last.local().equals(address) && ofFamily.contains(last.advertised()))
        .findFirst()
        .or(() -> ofFamily.stream().findFirst().map(first -> new RelayAddress(address, first)))
        .orElseGet(() -> RelayAddress.plain(address));
  }

  /** A pair for an address that nothing is bound to would go unnoticed. */
  private void checkPairs() {
    for (ExternalAddress entry : entries) {
      if (entry instanceof ExternalAddress.Pair pair && !local.contains(pair.inside())) {
        throw new ConfigurationProblem(
            RelaySettings.EXTERNAL_ADDRESS,
            "pairs an address that nothing is relayed at",
            "Name one of "
                + local.stream().map(IpAddress::toString).collect(Collectors.joining(", "))
                + " before the slash.");
      }
    }
  }
}
