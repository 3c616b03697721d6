package org.bradawl.agent.ice;

import java.util.List;
import java.util.Optional;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.path.RelayClient;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Side;

/**
 * What an {@link IceSession} begins with.
 *
 * @param side who made the offer is the initiator and controls (RFC 8445 §6.1.1)
 * @param addresses of this host that it may be reached at, the best first
 * @param tcp whether candidates for TCP are gathered too
 * @param stun where to ask for server-reflexive candidates
 * @param relay where to get a relayed one
 */
public record IceSettings(
    Side side,
    List<IpAddress> addresses,
    boolean tcp,
    Optional<TransportAddress> stun,
    Optional<RelayClient.Access> relay) {

  /** Keeps its own copy. */
  public IceSettings {
    addresses = List.copyOf(addresses);
  }

  /** All addresses of this host, UDP, and no server. */
  public static IceSettings of(Side side) {
    return new IceSettings(side, LocalAddresses.all(), false, Optional.empty(), Optional.empty());
  }

  /** The same on these addresses only; on none of them, with nothing but what a relay gives. */
  public IceSettings on(List<IpAddress> others) {
    return new IceSettings(side, others, tcp, stun, relay);
  }

  /** The same with TCP. */
  public IceSettings withTcp() {
    return new IceSettings(side, addresses, true, stun, relay);
  }

  /** The same with a STUN server. */
  public IceSettings withStun(TransportAddress server) {
    return new IceSettings(side, addresses, tcp, Optional.of(server), relay);
  }

  /** The same with a relay. */
  public IceSettings withRelay(RelayClient.Access access) {
    return new IceSettings(side, addresses, tcp, stun, Optional.of(access));
  }
}
