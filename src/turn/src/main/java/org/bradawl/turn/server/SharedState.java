package org.bradawl.turn.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bradawl.stun.IpAddress;

/**
 * What the shards of one server have in common. Each part is safe for threads and is touched per
 * allocation, not per packet; only {@link RelayAddresses} is asked per packet, lock-free, and only
 * for peers on this server's own addresses.
 *
 * @param ports the ports of each address that relay sockets are bound to
 * @param hold keeps reserved ports from other programs
 * @param relayAddresses where UDP is relayed
 * @param connections what there is of relayed TCP
 */
public record SharedState(
    Map<IpAddress, PortPool> ports,
    Reservations reservations,
    PortHold hold,
    RelayAddresses relayAddresses,
    ConnectionDirectory connections,
    AllocationQuota quota,
    Bandwidth bandwidth,
    ReplyLimit replyLimit,
    Mobility mobility) {

  /** The common state of a server that starts, and holds no port against other programs. */
  public static SharedState of(TurnSettings settings, RandomGenerator random) {
    return of(settings, random, PortHold.NONE);
  }

  /**
   * The common state of a server that starts.
   *
   * @param random picks ports and reservation tokens; must not be predictable
   * @param hold keeps reserved ports from other programs
   */
  public static SharedState of(TurnSettings settings, RandomGenerator random, PortHold hold) {
    Map<IpAddress, PortPool> ports = new LinkedHashMap<>();
    for (RelayAddress address : settings.relayAddresses()) {
      ports.put(address.local(), new PortPool(settings.minPort(), settings.maxPort(), random));
    }
    return new SharedState(
        Collections.unmodifiableMap(ports),
        new Reservations(random),
        hold,
        new RelayAddresses(),
        new ConnectionDirectory(random),
        new AllocationQuota(settings.quotas()),
        new Bandwidth(Rates.UNLIMITED),
        new ReplyLimit(ReplyBounds.NONE, random),
        new Mobility(random));
  }

  /** Changes what the parts are bounded by; each machine is told the same policy. */
  public void policy(TurnPolicy policy) {
    quota.quotas(policy.quotas());
    bandwidth.rates(policy.rates());
    replyLimit.bounds(policy.replies());
  }

  /** Takes a port back into the pool it was lent from. */
  void giveBack(RelayPort port) {
    pool(port.relayAddress().local()).giveBack(port.port());
  }

  /** Where the transport of {@code allocation} is relayed. */
  RelayAddresses relayAddresses(boolean tcp) {
    return tcp ? connections.relayAddresses() : relayAddresses;
  }

  PortPool pool(IpAddress address) {
    PortPool pool = ports.get(address);
    if (pool == null) {
      throw new IllegalStateException("no pool for " + address);
    }
    return pool;
  }
}
