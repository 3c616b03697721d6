package org.bradawl.datapath.portable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.datapath.ConfigurationProblem;
import org.bradawl.datapath.ListenPlan;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.RelayAddress;

/** Binds every listener of every shard, or none. */
final class Binder {

  private Binder() {}

  /**
   * The sockets of each shard.
   *
   * @throws ConfigurationProblem if an endpoint cannot be had; nothing stays open then
   */
  static List<ShardSockets> bind(ListenPlan plan, int shards) {
    plan.endpoints().stream()
        .map(TransportAddress::address)
        .distinct()
        .forEach(address -> checkAddress(plan.addressKey(address), address));
    List<ShardSockets> sockets = new ArrayList<>();
    try {
      for (TransportAddress endpoint : plan.endpoints()) {
        checkFree(plan, endpoint);
      }
      for (int i = 0; i < shards; i++) {
        ShardSockets own = new ShardSockets();
        sockets.add(own);
        for (TransportAddress endpoint : plan.endpoints()) {
          bind(plan, endpoint, own, shards > 1);
        }
      }
      return sockets;
    } catch (ConfigurationProblem e) {
      sockets.forEach(ShardSockets::close);
      throw e;
    }
  }

  /**
   * Checks that relay sockets can be bound there at all.
   *
   * @throws ConfigurationProblem if an address is not this machine's
   */
  static void checkRelay(List<RelayAddress> addresses) {
    addresses.forEach(address -> checkAddress("bradawl.relay.address", address.local()));
  }

  private static void checkAddress(String key, IpAddress address) {
    try {
      Sockets.relay(new TransportAddress(address, 0)).close();
    } catch (IOException e) {
      throw new ConfigurationProblem(
          key,
          "cannot be used: " + address + " is no address of this machine (" + e.getMessage() + ")",
          "Give an address that `ip address` shows.",
          e);
    }
  }

  /**
   * Shards share their ports, and another server of the same user that shares its ports too would
   * be let in among them unnoticed. So the port must first be free for one that does not share.
   */
  private static void checkFree(ListenPlan plan, TransportAddress endpoint) {
    try (ShardSockets alone = new ShardSockets()) {
      bind(plan, endpoint, alone, false);
    }
  }

  private static void bind(
      ListenPlan plan, TransportAddress endpoint, ShardSockets own, boolean shared) {
    try {
      own.bind(endpoint, shared);
    } catch (IOException e) {
      String key = plan.portKey(endpoint);
      throw new ConfigurationProblem(
          key,
          "cannot be used: port "
              + endpoint.port()
              + " of "
              + endpoint.address()
              + " for UDP and TCP is not to be had ("
              + e.getMessage()
              + ")",
          "Stop the program that holds it (`ss -lunpt sport = :"
              + endpoint.port()
              + "` shows it), or give another port.",
          e);
    }
  }
}
