package org.bradawl.agent.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.bradawl.stun.IpAddress;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks the system's resolver for addresses and its name servers for everything else. */
public final class SystemRecords implements Records {

  /** A name server that has not answered by then does not; a user is waiting. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

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
    try {
      return Arrays.stream(InetAddress.getAllByName(name)).map(IpAddress::of).toList();
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  private static List<Record> ask(String name, int type) {
    try {
      Lookup lookup = new Lookup(Name.fromString(name, Name.root), type);
      SimpleResolver resolver = new SimpleResolver();
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
