package org.bradawl.natlab.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bradawl.natlab.net.Namespace;

/**
 * The core of an internet: it forwards between everything attached, and the server's addresses are
 * its own. Its addresses look public, because neither the server nor a port-mapping daemon would
 * take those that are reserved for documentation.
 */
public final class Internet implements Link, AutoCloseable {

  /** The server's two addresses. */
  public static final List<String> SERVER = List.of("44.1.0.1", "44.1.0.2");

  /** Two more, for a server that nobody here wrote. */
  public static final List<String> CONTROL = List.of("44.1.0.3", "44.1.0.4");

  /** The server's IPv6 address. */
  public static final String SERVER_V6 = "2a01:1ab::1";

  private static final String GATEWAY = "44.0.0.1";

  private final Namespace namespace;
  private final AtomicInteger links = new AtomicInteger();
  private final AtomicInteger hosts = new AtomicInteger();
  private final AtomicInteger homesV6 = new AtomicInteger();

  /** An internet with nobody in it. */
  public Internet() {
    namespace = Namespace.create("internet");
    List<String> setup = new ArrayList<>();
    for (String address : SERVER) {
      setup.add("addr add " + address + "/32 dev lo");
    }
    for (String address : CONTROL) {
      setup.add("addr add " + address + "/32 dev lo");
    }
    setup.add("addr add " + SERVER_V6 + "/128 dev lo nodad");
    // A relay that writes to a peer's private address must not hear an error from the kernel.
    setup.add("link add sink type veth peer name drain");
    setup.add("link set sink arp off up");
    setup.add("link set drain up");
    setup.add("route add default dev sink");
    namespace.ip(setup);
    namespace.set(forwarding());
  }

  static Map<String, String> forwarding() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("net/ipv4/ip_forward", "1");
    values.put("net/ipv4/conf/all/rp_filter", "0");
    values.put("net/ipv4/conf/default/rp_filter", "0");
    values.put("net/ipv6/conf/all/forwarding", "1");
    return values;
  }

  /** Where the server runs. */
  public Namespace namespace() {
    return namespace;
  }

  @Override
  public Attachment attach(Namespace below) {
    int number = hosts.incrementAndGet();
    String address = "44.2." + number / 250 + "." + (number % 250 + 1);
    return attach(below, address);
  }

  private Attachment attach(Namespace below, String address) {
    String own = "n" + links.incrementAndGet();
    return Wire.lay(namespace, own, GATEWAY, below, address);
  }

  /** A host with a public address of its own. */
  public Host host(String name) {
    return Host.behind(this, name);
  }

  /** A router of somebody's home. */
  public Router router(String name, LabNat nat) {
    return Router.behind(this, name, nat, Router.homeRange(hosts.get() + 1));
  }

  /** Gives a router of this internet, which has one host behind it, IPv6. */
  public void giveV6(Router router) {
    String wire =
        namespace
            .ipOutput("-o", "route", "get", router.address())
            .replaceAll(".* dev (n[0-9]+).*", "$1");
    router.routeV6(namespace, wire, homesV6.incrementAndGet());
  }

  @Override
  public void close() {
    namespace.close();
  }
}
