package org.bradawl.datapath.portable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bradawl.datapath.ConfigurationProblem;
import org.bradawl.datapath.ListenPlan;
import org.bradawl.datapath.Spoken;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.RelayAddress;

/** Binds every listener of every shard, or none. */
final class Binder {

  private Binder() {}

  /**
   * The sockets of each shard.
   *
   * @param kinds which transports of plain endpoints to keep sockets for; that both are free is
   *     checked in any case
   * @throws ConfigurationProblem if an endpoint cannot be had; nothing stays open then
   */
  static List<ShardSockets> bind(ListenPlan plan, int shards, Set<Transport> kinds) {
    List<ShardSockets> sockets = new ArrayList<>();
    try {
      for (TransportAddress endpoint : plan.all()) {
        checkFree(plan, endpoint);
      }
      Set<Transport> both = EnumSet.of(Transport.UDP, Transport.TCP);
      for (int i = 0; i < shards; i++) {
        ShardSockets own = new ShardSockets();
        sockets.add(own);
        for (TransportAddress endpoint : plan.endpoints()) {
          bind(plan, endpoint, own, kinds, Spoken.PLAIN, shards > 1);
        }
        for (TransportAddress endpoint : plan.secured()) {
          bind(plan, endpoint, own, both, Spoken.SECURED, shards > 1);
        }
        for (TransportAddress endpoint : plan.shared()) {
          bind(plan, endpoint, own, both, Spoken.EITHER, shards > 1);
        }
      }
      return sockets;
    } catch (ConfigurationProblem e) {
      sockets.forEach(ShardSockets::close);
      throw e;
    }
  }

  /**
   * Checks that sockets can be bound to every address at all.
   *
   * @throws ConfigurationProblem if an address is not this machine's
   */
  static void checkAddresses(ListenPlan plan, List<RelayAddress> relayAddresses) {
    plan.endpoints().stream()
        .map(TransportAddress::address)
        .distinct()
        .forEach(address -> checkAddress(plan.addressKey(address), address));
    relayAddresses.forEach(address -> checkAddress("bradawl.relay.address", address.local()));
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
      bind(plan, endpoint, alone, EnumSet.of(Transport.UDP, Transport.TCP), Spoken.PLAIN, false);
    }
  }

  private static void bind(
      ListenPlan plan,
      TransportAddress endpoint,
      ShardSockets own,
      Set<Transport> kinds,
      Spoken spoken,
      boolean shared) {
    try {
      for (Transport kind : kinds) {
        own.bind(kind, endpoint, spoken, shared);
      }
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
