package org.bradawl.simulation.traversal;

import java.util.List;
import java.util.Set;
import org.bradawl.simulation.GatewaySpecification;
import org.bradawl.simulation.Host;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.Packet;
import org.bradawl.simulation.Realm;
import org.bradawl.simulation.StunServer;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.stun.IpAddress;
import org.bradawl.traversal.Side;

/**
 * The article's first topology: one peer is public, the other at home behind a NAT. After every
 * event it holds that the public one has begun no TCP connection to the home, which could not be
 * let in, and that neither has written to a stranger.
 */
public final class OneHome {

  private static final IpAddress PUBLIC = IpAddress.parse("198.51.100.1");
  private static final IpAddress HOME = IpAddress.parse("192.0.2.1");
  private static final IpAddress SERVER = IpAddress.parse("203.0.113.1");
  private static final IpAddress OTHER_SERVER = IpAddress.parse("203.0.113.2");

  private final SimulatedPeer open;
  private final SimulatedPeer hidden;
  private final Side ofOpen;

  /** A world in which everything follows from {@code seed}; {@code ofOpen} is the public side. */
  public OneHome(long seed, LinkQuality internet, GatewaySpecification nat, Side ofOpen) {
    this.ofOpen = ofOpen;
    VirtualTime time = new VirtualTime(seed);
    Realm outside = new Realm(time, internet);
    StunServer server = new StunServer(new Host(outside, SERVER), new Host(outside, OTHER_SERVER));
    Realm home = new Realm(time, LinkQuality.lan());
    nat.between(home, outside, List.of(HOME));
    open = new SimulatedPeer(new Host(outside, PUBLIC), server);
    hidden = new SimulatedPeer(new Host(home, IpAddress.parse("192.168.1.2")), server);
    open.host()
        .tap(packet -> {
          mayGo(packet, HOME, PUBLIC);
          isNoAttempt(packet);
        });
    hidden.host().tap(packet -> mayGo(packet, PUBLIC, HOME));
  }

  /** The side that asks. */
  public SimulatedPeer initiator() {
    return ofOpen == Side.INITIATOR ? open : hidden;
  }

  /** The side that is asked. */
  public SimulatedPeer responder() {
    return ofOpen == Side.INITIATOR ? hidden : open;
  }

  private static void isNoAttempt(Packet packet) {
    boolean begins =
        packet.body() instanceof Packet.Segment segment
            && segment.flag() == Packet.Segment.Flag.SYN;
    if (begins && packet.destination().address().equals(HOME)) {
      throw new AssertionError("the public side connects where nobody can be let in: " + packet);
    }
  }

  private static void mayGo(Packet packet, IpAddress peer, IpAddress own) {
    IpAddress target = packet.destination().address();
    if (!Set.of(SERVER, OTHER_SERVER, peer, own).contains(target)) {
      throw new AssertionError("a packet leaves for a stranger: " + packet);
    }
  }
}
