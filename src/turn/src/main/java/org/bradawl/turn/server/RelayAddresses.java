package org.bradawl.turn.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bradawl.stun.TransportAddress;

/**
 * Which transport addresses this server relays now, as told to clients and as bound. Two clients of
 * one server meet at such an address, whatever range it lies in.
 *
 * <p>Safe for threads: every shard adds and removes its own and asks for all.
 */
public final class RelayAddresses {

  private final Set<TransportAddress> relayed = ConcurrentHashMap.newKeySet();

  /** Whether {@code address} belongs to a living allocation of this server. */
  public boolean contains(TransportAddress address) {
    return relayed.contains(address);
  }

  /** How many there are. */
  public int size() {
    return relayed.size();
  }

  void add(TransportAddress address) {
    relayed.add(address);
  }

  void remove(TransportAddress address) {
    relayed.remove(address);
  }
}
