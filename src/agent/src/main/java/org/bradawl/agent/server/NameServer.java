package org.bradawl.agent.server;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks a name server for everything. */
public final class NameServer implements Records {

  /** A name server that has not answered by then does not; a user is waiting. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Makes a connection to a name server, for each question. */
  @FunctionalInterface
  private interface Way {
    SimpleResolver open() throws UnknownHostException;
  }

  private final String name;
  private final Way way;
  private final Duration patience;

  /** Its own: what one name server says is not what another one does. */
  private final Cache cache = new Cache();

  private NameServer(String name, Way way, Duration patience) {
    this.name = name;
    this.way = way;
    this.patience = patience;
  }

  /** The one that the system is configured with. */
  public static NameServer ofSystem() {
    return new NameServer("the system's name server", SimpleResolver::new, PATIENCE);
  }

  /** This one. */
  public static NameServer at(InetSocketAddress address) {
    return at(address, PATIENCE);
  }

  /** The same with another patience, which holds for each question. */
  static NameServer at(InetSocketAddress address, Duration patience) {
    return new NameServer("name server " + address, () -> new SimpleResolver(address), patience);
  }

  @Override
  public List<Service> services(String name) throws Unresolved {
    return ask(name, Type.SRV).stream()
        .map(SRVRecord.class::cast)
        .map(found ->
            new Service(
                found.getPriority(), found.getWeight(), found.getPort(), text(found.getTarget())))
        .toList();
  }

  @Override
  public List<Rule> rules(String name) throws Unresolved {
    return ask(name, Type.NAPTR).stream()
        .map(NAPTRRecord.class::cast)
        .map(found ->
            new Rule(
                found.getOrder(),
                found.getPreference(),
                found.getFlags(),
                found.getService(),
                text(found.getReplacement())))
        .toList();
  }

  /** Either family will do: there is no answer only where there is none for both. */
  @Override
  public List<IpAddress> addresses(String name) throws Unresolved {
    List<IpAddress> found = new ArrayList<>();
    Optional<Unresolved> failure = Optional.empty();
    for (int type : List.of(Type.AAAA, Type.A)) {
      try {
        ask(name, type).stream().map(NameServer::address).forEach(found::add);
      } catch (Unresolved e) {
        failure = Optional.of(e);
      }
    }
    if (found.isEmpty() && failure.isPresent()) {
      throw failure.get();
    }
    return found;
  }

  private static IpAddress address(Record found) {
    return IpAddress.of(
        found instanceof AAAARecord six ? six.getAddress() : ((ARecord) found).getAddress());
  }

  private List<Record> ask(String asked, int type) throws Unresolved {
    try {
      Lookup lookup = new Lookup(Name.fromString(asked, Name.root), type);
      SimpleResolver resolver = way.open();
      resolver.setTimeout(patience);
      lookup.setResolver(resolver);
      lookup.setCache(cache);
      Record @Nullable [] found = lookup.run();
      if (lookup.getResult() == Lookup.TRY_AGAIN || lookup.getResult() == Lookup.UNRECOVERABLE) {
        throw failed(asked, type, lookup.getErrorString());
      }
      return found == null ? List.of() : List.of(found);
    } catch (TextParseException e) {
      // Nobody can have a name that is none.
      return List.of();
    } catch (UnknownHostException e) {
      throw failed(asked, type, String.valueOf(e.getMessage()));
    }
  }

  private Unresolved failed(String asked, int type, String why) {
    // Which of the two dnsjava says depends on where it gave up; nobody is there either way.
    boolean silence = why.equals("timed out") || why.equals("network error");
    return new Unresolved(
        name
            + (silence
                ? " does not answer, after at most " + patience.toMillis() + " ms,"
                : " has failed (" + why + ")")
            + " when asked for "
            + Type.string(type)
            + " of "
            + asked,
        silence);
  }

  private static String text(Name name) {
    return name.toString(true);
  }
}
