package org.bradawl.simulation.traversal;

import java.util.List;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.Host;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.Realm;
import org.bradawl.simulation.StunServer;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.stun.IpAddress;
import org.bradawl.traversal.Policy;

/** The article's second and fourth topologies: both peers behind one public address. */
public final class OneNat {

  private static final IpAddress EXTERNAL = IpAddress.parse("198.51.100.1");

  private final SimulatedPeer initiator;
  private final SimulatedPeer responder;

  private OneNat(Host first, Host second, StunServer server) {
    this.initiator = new SimulatedPeer(first, server);
    this.responder = new SimulatedPeer(second, server);
  }

  /** Both in one home. */
  public static OneNat home(long seed, GatewaySpecification nat) {
    VirtualTime time = new VirtualTime(seed);
    Realm internet = new Realm(time, LinkQuality.internet());
    Realm home = new Realm(time, LinkQuality.lan());
    nat.between(home, internet, List.of(EXTERNAL));
    return new OneNat(
        new Host(home, IpAddress.parse("192.168.1.2")),
        new Host(home, IpAddress.parse("192.168.1.3")),
        server(internet));
  }

  /**
   * Each in a home of its own, with overlapping addresses, and both homes behind a carrier's NAT.
   */
  public static OneNat carrier(
      long seed, GatewaySpecification homeNat, GatewaySpecification carrierNat) {
    VirtualTime time = new VirtualTime(seed);
    Realm internet = new Realm(time, LinkQuality.internet());
    Realm carrier = new Realm(time, LinkQuality.lan());
    carrierNat.between(carrier, internet, List.of(EXTERNAL));
    Realm first = new Realm(time, LinkQuality.lan());
    Realm second = new Realm(time, LinkQuality.lan());
    homeNat.between(first, carrier, List.of(IpAddress.parse("100.64.0.2")));
    homeNat.between(second, carrier, List.of(IpAddress.parse("100.64.0.3")));
    return new OneNat(
        new Host(first, IpAddress.parse("192.168.1.2")),
        new Host(second, IpAddress.parse("192.168.1.2")),
        server(internet));
  }

  /** Discovers, plans and runs. */
  public Meeting.Result meet(Policy policy) {
    return new Meeting(initiator, responder, policy).run();
  }

  private static StunServer server(Realm internet) {
    return new StunServer(
        new Host(internet, IpAddress.parse("203.0.113.1")),
        new Host(internet, IpAddress.parse("203.0.113.2")));
  }
}
