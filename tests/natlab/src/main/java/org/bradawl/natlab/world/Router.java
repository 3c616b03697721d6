package org.bradawl.natlab.world;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.LinuxRouterSpecification;
import org.bradawl.simulation.NatSpecification;

/** A router with a NAT in it. */
public final class Router implements Link, AutoCloseable {

  /** The range that carriers use between their NAT and their customers (RFC 6598). */
  public static final String CARRIER_RANGE = "100.64.0";

  private final Namespace namespace;
  private Attachment outside;
  private final LabNat nat;
  private final String range;
  private final List<Router> routers = new ArrayList<>();
  private final List<Host> hosts = new ArrayList<>();
  private Optional<PortMappingDaemon> daemon = Optional.empty();
  private int links;
  private int renumbered;

  private Router(Namespace namespace, Attachment outside, LabNat nat, String range) {
    this.namespace = namespace;
    this.outside = outside;
    this.nat = nat;
    this.range = range;
  }

  /** The range of a home's addresses, without its last part; homes with one number share one. */
  public static String homeRange(int number) {
    return "192.168." + number % 250;
  }

  /**
   * A router.
   *
   * @param range the first three parts of the addresses behind it
   */
  public static Router behind(Link link, String name, LabNat nat, String range) {
    Namespace namespace = Namespace.create(name);
    try {
      Router router = new Router(namespace, link.attach(namespace), nat, range);
      namespace.set(router.settings());
      namespace.rules(router.rules());
      return router;
    } catch (RuntimeException e) {
      namespace.close();
      throw e;
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(Internet.forwarding());
    long lifetime = lifetimeSeconds(nat.behavior());
    settings.put("net/netfilter/nf_conntrack_udp_timeout", Long.toString(lifetime));
    settings.put("net/netfilter/nf_conntrack_udp_timeout_stream", Long.toString(lifetime));
    // A segment out of nowhere is no connection.
    settings.put("net/netfilter/nf_conntrack_tcp_loose", "0");
    return settings;
  }

  private static long lifetimeSeconds(GatewaySpecification behavior) {
    return switch (behavior) {
      case NatSpecification specified -> specified.udpLifetime().toSeconds();
      case LinuxRouterSpecification naive -> naive.udpLifetime().toSeconds();
    };
  }

  private String rules() {
    return new KernelRules(address(), range + ".0/24", new SecureRandom()).script(nat);
  }

  /** Its provider cuts it off; the hosts behind it keep their addresses and their way to it. */
  public void unplug() {
    namespace.ip("link del wan");
  }

  /** It gets another outer address, and knows nothing any more of what it had mapped. */
  public void plugInto(Link link) {
    if (daemon.isPresent()) {
      throw new IllegalStateException(
          "a daemon that maps ports knows the outer address it began with");
    }
    outside = link.attach(namespace);
    // Another zone is how the kernel forgets connections without a program that tells it to.
    namespace.rules("flush ruleset\n" + rules() + KernelRules.zone(++renumbered));
  }

  /** Its outer address. */
  public String address() {
    return outside.address();
  }

  /** What it does. */
  public LabNat nat() {
    return nat;
  }

  /** Where its programs run. */
  public Namespace namespace() {
    return namespace;
  }

  @Override
  public Attachment attach(Namespace below) {
    int number = ++links;
    return Wire.layInside(
        namespace, "lan" + number, range + ".1", below, range + "." + (number + 1));
  }

  /** A host behind it. */
  public Host host(String name) {
    Host host = Host.behind(this, name);
    hosts.add(host);
    if (!nat.opens().isEmpty() && daemon.isEmpty()) {
      daemon = Optional.of(PortMappingDaemon.start(namespace, nat.opens()));
    }
    return host;
  }

  /**
   * Routes an IPv6 range to the hosts behind it, of which there is one, with the firewall that
   * homes have: nobody gets in who was not written to.
   *
   * @param wire the interface by which the internet reaches this router
   */
  void routeV6(Namespace internet, String wire, int home) {
    String prefix = "2a01:1ab:0:" + Integer.toHexString(home) + "::";
    internet.ip(
        "addr add 2a01:1ab::fe/128 dev " + wire + " nodad",
        "route add " + prefix + "1/128 dev " + wire,
        "route add " + prefix + "/64 via " + prefix + "1 dev " + wire);
    namespace.ip(
        "addr add " + prefix + "1/128 dev wan nodad",
        "route add 2a01:1ab::fe/128 dev wan",
        "route add default via 2a01:1ab::fe dev wan",
        "addr add " + prefix + "ff/128 dev lan1 nodad",
        "route add " + prefix + "2/128 dev lan1");
    hosts
        .getFirst()
        .namespace()
        .ip(
            "addr add " + prefix + "2/128 dev wan nodad",
            "route add " + prefix + "ff/128 dev wan",
            "route add default via " + prefix + "ff dev wan");
    namespace.rules(
        """
        table ip6 bradawl {
          chain forward { type filter hook forward priority filter;
            iifname "wan" ct state established,related accept
            iifname "wan" drop
          }
        }
        """);
  }

  /** A customer's router behind this one of a carrier. */
  public Router router(String name, LabNat customersNat, String customersRange) {
    Router router = behind(this, name, customersNat, customersRange);
    routers.add(router);
    return router;
  }

  /** Removes it and everything behind it. */
  @Override
  public void close() {
    daemon.ifPresent(PortMappingDaemon::close);
    hosts.forEach(Host::close);
    routers.forEach(Router::close);
    namespace.close();
  }
}
