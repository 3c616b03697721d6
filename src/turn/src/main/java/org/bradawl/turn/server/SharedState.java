package org.bradawl.turn.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What the shards of one server have in common. Each part is safe for threads and is touched per
 * allocation, not per packet; only {@link RelayAddresses} is asked per packet, lock-free, and only
 * for peers on this server's own addresses.
 *
 * @param ports the ports of each relay address
 */
public record SharedState(
    Map<RelayAddress, PortPool> ports,
    Reservations reservations,
    RelayAddresses relayAddresses,
    AllocationQuota quota) {

  /**
   * The common state of a server that starts.
   *
   * @param random picks ports and reservation tokens; must not be predictable
   */
  public static SharedState of(TurnSettings settings, RandomGenerator random) {
    Map<RelayAddress, PortPool> ports = new LinkedHashMap<>();
    for (RelayAddress address : settings.relayAddresses()) {
      ports.put(address, new PortPool(settings.minPort(), settings.maxPort(), random));
    }
    return new SharedState(
        Collections.unmodifiableMap(ports),
        new Reservations(random),
        new RelayAddresses(),
        new AllocationQuota(settings.quotas()));
  }

  /** Takes a port back into the pool it was lent from. */
  void giveBack(RelayPort port) {
    pool(port.relayAddress()).giveBack(port.port());
  }

  PortPool pool(RelayAddress address) {
    PortPool pool = ports.get(address);
    if (pool == null) {
      throw new IllegalStateException("no pool for " + address);
    }
    return pool;
  }
}
