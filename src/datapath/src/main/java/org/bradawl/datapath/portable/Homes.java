package org.bradawl.datapath.portable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.bradawl.turn.server.DataConnectionId;

/**
 * Which shard has the peer's half of a data connection. The kernel spreads a client's connections
 * over the shards, so the client's half may arrive at any other one, which sends it home.
 *
 * <p>Safe for threads; touched twice per connection.
 */
final class Homes {

  private final ConcurrentMap<DataConnectionId, Predicate<BoundClient>> homes =
      new ConcurrentHashMap<>();

  /**
   * From now on clients can be sent there.
   *
   * @param door takes a client to the home's thread; false if the home has closed
   */
  void add(DataConnectionId id, Predicate<BoundClient> door) {
    homes.put(id, door);
  }

  void remove(DataConnectionId id) {
    homes.remove(id);
  }

  /** Sends a client home; false if it has none any more, and stays the caller's. */
  boolean send(BoundClient client) {
    Predicate<BoundClient> door = homes.get(client.id());
    return door != null && door.test(client);
  }
}
