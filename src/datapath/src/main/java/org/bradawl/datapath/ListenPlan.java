package org.bradawl.datapath;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AlternateAddress;
import org.bradawl.turn.server.Cidr;

/**
 * Where exactly to listen, each address by itself so that an answer leaves from the address that
 * was asked.
 *
 * @param addresses the addresses that clients use, without alternates; the first of a family is its
 *     primary one
 * @param endpoints what to bind, for UDP and TCP alike
 * @param alternates the pairs of RFC 5780
 * @param secured where TLS is spoken over TCP and DTLS over UDP
 * @param shared where anything is, told apart by its first byte
 * @param proxies who must say by the PROXY protocol whom they speak for
 */
public record ListenPlan(
    List<IpAddress> addresses,
    List<TransportAddress> endpoints,
    List<AlternateAddress> alternates,
    List<TransportAddress> secured,
    List<TransportAddress> shared,
    List<Cidr> proxies) {

  private static final Logger LOG = System.getLogger(ListenPlan.class.getName());

  /**
   * The plan for these settings on this machine as it is now.
   *
   * @throws ConfigurationProblem if an alternate address has no primary one beside it, or there is
   *     nothing to listen on
   */
  public static ListenPlan of(ListenSettings settings) {
    ListenPlan plan = of(settings, LocalAddresses.all());
    return settings.tlsPortChosen() ? plan : plan.withoutTakenDefaults();
  }

  static ListenPlan of(ListenSettings settings, List<IpAddress> local) {
    List<IpAddress> addresses =
        LocalAddresses.expand(settings.addresses(), local).stream()
            .filter(address -> !settings.alternateAddresses().contains(address))
            .toList();
    if (addresses.isEmpty()) {
      throw new ConfigurationProblem(
          ListenSettings.ADDRESS,
          "leaves nothing to listen on",
          "Give at least one address of this machine.");
    }
    List<AlternateAddress> alternates =
        settings.alternateAddresses().stream()
            .map(alternate -> pair(primary(addresses, alternate), alternate, settings))
            .toList();
    return new ListenPlan(
        addresses,
        endpoints(settings, addresses, alternates),
        alternates,
        settings.tlsPort() == 0 || settings.sharedPorts().contains(settings.tlsPort())
            ? List.of()
            : at(addresses, settings.tlsPort()).toList(),
        settings.sharedPorts().stream().flatMap(port -> at(addresses, port)).toList(),
        settings.proxies());
  }

  private static Stream<TransportAddress> at(List<IpAddress> addresses, int port) {
    return addresses.stream().map(address -> new TransportAddress(address, port));
  }

  /** Nobody asked for the default port of TLS: if another program has it, that is no mistake. */
  private ListenPlan withoutTakenDefaults() {
    if (secured.stream().allMatch(PortProbe::isFree)) {
      return this;
    }
    LOG.log(
        Level.WARNING,
        "TLS and DTLS are not served: port "
            + secured.getFirst().port()
            + " is taken. Give "
            + ListenSettings.TLS_PORT
            + ", or 0 for none");
    return new ListenPlan(addresses, endpoints, alternates, List.of(), shared, proxies);
  }

  /** Whether TLS and DTLS are served anywhere. */
  public boolean isSecured() {
    return !secured.isEmpty() || !shared.isEmpty();
  }

  /** Everything that is bound, for UDP and TCP alike. */
  public List<TransportAddress> all() {
    return Stream.of(endpoints, secured, shared).flatMap(List::stream).toList();
  }

  /** The key to blame when {@code endpoint} cannot be bound because of its port. */
  public String portKey(TransportAddress endpoint) {
    if (secured.contains(endpoint)) {
      return ListenSettings.TLS_PORT;
    }
    if (shared.contains(endpoint)) {
      return ListenSettings.SHARED_PORTS;
    }
    boolean alternate =
        alternates.stream().anyMatch(pair -> pair.alternatePort() == endpoint.port());
    return alternate ? ListenSettings.ALTERNATE_PORT : ListenSettings.PORT;
  }

  /** The key to blame when {@code address} is none of this machine's. */
  public String addressKey(IpAddress address) {
    return addresses.contains(address) ? ListenSettings.ADDRESS : ListenSettings.ALTERNATE_ADDRESS;
  }

  private static AlternateAddress pair(
      IpAddress primary, IpAddress alternate, ListenSettings settings) {
    return new AlternateAddress(primary, alternate, settings.port(), settings.alternatePort());
  }

  /** Loopback beside loopback and global beside global: a client must be able to reach both. */
  private static IpAddress primary(List<IpAddress> addresses, IpAddress alternate) {
    List<IpAddress> ofFamily =
        addresses.stream().filter(address -> address.family() == alternate.family()).toList();
    return ofFamily.stream()
        .filter(address -> isLoopback(address) == isLoopback(alternate))
        .findFirst()
        .or(() -> ofFamily.stream().findFirst())
        .orElseThrow(() ->
            new ConfigurationProblem(
                ListenSettings.ALTERNATE_ADDRESS,
                "has no address of its family beside it",
                "Add one to " + ListenSettings.ADDRESS + "."));
  }

  private static boolean isLoopback(IpAddress address) {
    return address.toInetAddress().isLoopbackAddress();
  }

  private static List<TransportAddress> endpoints(
      ListenSettings settings, List<IpAddress> addresses, List<AlternateAddress> alternates) {
    Set<TransportAddress> endpoints = new LinkedHashSet<>();
    addresses.forEach(address -> endpoints.add(new TransportAddress(address, settings.port())));
    for (AlternateAddress pair : alternates) {
      for (int port : List.of(pair.port(), pair.alternatePort())) {
        endpoints.add(new TransportAddress(pair.primary(), port));
        endpoints.add(new TransportAddress(pair.alternate(), port));
      }
    }
    return new ArrayList<>(endpoints);
  }
}
