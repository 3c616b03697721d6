package org.bradawl.agent.server;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bradawl.stun.IpAddress;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
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
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Makes a connection to a name server, for each question. */
  @FunctionalInterface
  private interface Way {
    SimpleResolver open() throws UnknownHostException;
  }

  private final Way way;

  private NameServer(Way way) {
    this.way = way;
  }

  /** The one that the system is configured with. */
  public static NameServer ofSystem() {
    return new NameServer(SimpleResolver::new);
  }

  /** This one. */
  public static NameServer at(InetSocketAddress address) {
    return new NameServer(() -> new SimpleResolver(address));
  }

  @Override
  public List<Service> services(String name) {
    return ask(name, Type.SRV).stream()
        .map(SRVRecord.class::cast)
        .map(found ->
            new Service(
                found.getPriority(), found.getWeight(), found.getPort(), text(found.getTarget())))
        .toList();
  }

  @Override
  public List<Rule> rules(String name) {
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

  @Override
  public List<IpAddress> addresses(String name) {
    return Stream.concat(
            ask(name, Type.AAAA).stream().map(found -> ((AAAARecord) found).getAddress()),
            ask(name, Type.A).stream().map(found -> ((ARecord) found).getAddress()))
        .map(IpAddress::of)
        .toList();
  }

  private List<Record> ask(String name, int type) {
    try {
      Lookup lookup = new Lookup(Name.fromString(name, Name.root), type);
      SimpleResolver resolver = way.open();
      resolver.setTimeout(PATIENCE);
      lookup.setResolver(resolver);
      Record @Nullable [] found = lookup.run();
      return found == null ? List.of() : List.of(found);
    } catch (TextParseException | UnknownHostException e) {
      return List.of();
    }
  }

  private static String text(Name name) {
    return name.toString(true);
  }
}
