package org.bradawl.simulation.traversal;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bradawl.simulation.Firewall;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.Host;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.Nat;
import org.bradawl.simulation.Node;
import org.bradawl.simulation.Packet;
import org.bradawl.simulation.Realm;
import org.bradawl.simulation.StunServer;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Policy;
import org.bradawl.traversal.Side;

/**
 * The article's third topology: two homes, each behind its own NAT, with one and the same private
 * address range. After every event it holds that no host has written to anybody but the server and
 * the other home.
 */
public final class TwoHomes {

  private static final IpAddress FIRST = IpAddress.parse("198.51.100.1");
  private static final IpAddress SECOND = IpAddress.parse("192.0.2.1");

  private static final IpAddress SERVER_V6 = IpAddress.parse("2001:db8::1");
  private static final List<IpAddress> HOSTS_V6 =
      List.of(IpAddress.parse("2001:db8:a::2"), IpAddress.parse("2001:db8:b::2"));

  /** Linux forgets a flow of UDP after this, and home routers are Linux. */
  private static final Duration FIREWALL_LIFETIME = Duration.ofSeconds(30);

  private final VirtualTime time;
  private final SimulatedPeer initiator;
  private final SimulatedPeer responder;
  private final Map<Side, Node> routers = new EnumMap<>(Side.class);
  private final Host server;

  /** A world in which everything follows from {@code seed}. */
  public TwoHomes(
      long seed, LinkQuality internet, GatewaySpecification first, GatewaySpecification second) {
    time = new VirtualTime(seed);
    Realm outside = new Realm(time, internet);
    server = new Host(outside, IpAddress.parse("203.0.113.1"));
    StunServer stun = new StunServer(server, new Host(outside, IpAddress.parse("203.0.113.2")));
    initiator = new SimulatedPeer(home(outside, Side.INITIATOR, first, FIRST), stun);
    responder = new SimulatedPeer(home(outside, Side.RESPONDER, second, SECOND), stun);
    Set<IpAddress> servers = Set.of(IpAddress.parse("203.0.113.1"), IpAddress.parse("203.0.113.2"));
    initiator.host().tap(packet -> mayGo(packet, servers, FIRST, SECOND));
    responder.host().tap(packet -> mayGo(packet, servers, SECOND, FIRST));
    time.invariant(() -> {
      if (initiator.outcomes().size() > 1 || responder.outcomes().size() > 1) {
        throw new AssertionError("a traversal ends once");
      }
    });
  }

  /** Gives IPv6 to the first home, or to the first two, each behind a firewall. */
  public TwoHomes withIpv6(int homes) {
    Realm outside = server.realm();
    Host v6 = new Host(outside, SERVER_V6);
    new StunServer(v6, new Host(outside, IpAddress.parse("2001:db8::2")));
    List<SimulatedPeer> peers = List.of(initiator, responder);
    for (int i = 0; i < homes; i++) {
      Host host = new Host(peers.get(i).host().realm(), HOSTS_V6.get(i));
      new Firewall(peers.get(i).host().realm(), outside, host.address(), FIREWALL_LIFETIME);
      peers.get(i).andAlso(host, new TransportAddress(SERVER_V6, StunServer.PORT));
      IpAddress other = HOSTS_V6.get(1 - i);
      host.tap(packet -> mayGo(packet, Set.of(SERVER_V6), host.address(), other));
    }
    return this;
  }

  /** Discovers, plans and runs. */
  public Meeting.Result meet(Policy policy) {
    return new Meeting(initiator, responder, policy).run();
  }

  /** Has a side's NAT open a port for its main socket. */
  public TwoHomes withPortMapped(Side side) {
    if (routers.get(side) instanceof Nat nat) {
      SimulatedPeer peer = side == Side.INITIATOR ? initiator : responder;
      peer.portMapped(nat.open(Packet.Protocol.UDP, peer.mainSocket()));
      return this;
    }
    throw new IllegalStateException("the router of this side opens no ports");
  }

  /** The side that asks. */
  public SimulatedPeer initiator() {
    return initiator;
  }

  /** The side that is asked. */
  public SimulatedPeer responder() {
    return responder;
  }

  private Host home(Realm outside, Side side, GatewaySpecification gateway, IpAddress external) {
    Realm home = new Realm(time, LinkQuality.lan());
    routers.put(side, gateway.between(home, outside, List.of(external)));
    return new Host(home, IpAddress.parse("192.168.1.2"));
  }

  private static void mayGo(Packet packet, Set<IpAddress> servers, IpAddress own, IpAddress peer) {
    IpAddress target = packet.destination().address();
    // Its own external address is what discovery tests hairpinning with.
    if (!servers.contains(target) && !target.equals(peer) && !target.equals(own)) {
      throw new AssertionError("a packet leaves for a stranger: " + packet);
    }
  }
}
