package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bradawl.stun.TransportAddress;

/** Counts, after every event, what there is, and compares it with what there may be. */
final class Census {

  private Census() {}

  /** Fails if a socket, a port, a place or a connection is there that nobody holds. */
  static void check(Simulation simulation, Collection<Book> books) {
    SharedState shared = simulation.shared;
    int allocations = 0;
    int opening = 0;
    int udp = 0;
    int tcp = 0;
    int conns = 0;
    Map<String, Integer> byUser = new HashMap<>();
    for (SimulatedShard shard : simulation.shards) {
      opening += shard.opening();
      udp += shard.open.size();
      tcp += shard.streams.listening.size();
      conns += shard.streams.conns.size();
      for (AllocationView view : shard.server.allocations()) {
        allocations++;
        assertThat(byUser.merge(view.info().principal().user(), 1, Integer::sum))
            .as("of %s", view.info().principal())
            .isLessThanOrEqualTo(Simulation.QUOTAS.allocationsPerUser());
        assertThat(view.permissions())
            .isLessThanOrEqualTo(Simulation.QUOTAS.permissionsPerAllocation());
        assertThat(view.channels()).isLessThanOrEqualTo(Simulation.QUOTAS.channelsPerAllocation());
      }
    }
    int unclaimed = sockets(simulation, books);
    // The first socket of an allocation of two families waits for the second.
    assertThat(unclaimed).as("sockets that belong to nobody").isLessThanOrEqualTo(opening);
    assertThat(books).hasSize(allocations);
    assertThat(shared.relayAddresses().size()).as("relayed UDP").isEqualTo(udp - unclaimed);
    assertThat(shared.connections().relayAddresses().size()).as("relayed TCP").isEqualTo(tcp);
    assertThat(shared.connections().size()).as("connections").isEqualTo(conns);
    assertThat(shared.quota().total())
        .isEqualTo(allocations + opening)
        .isBetween(0, Simulation.QUOTAS.allocations());
    int lent = 0;
    for (PortPool pool : shared.ports().values()) {
      lent += pool.size() - pool.free();
    }
    int held = udp + tcp + shared.reservations().size();
    if (opening == 0) {
      assertThat(lent).as("ports lent").isEqualTo(held);
    } else {
      assertThat(lent).as("ports lent").isGreaterThanOrEqualTo(held + opening);
    }
  }

  /** Every relayed address that lives has its socket; how many sockets are nobody's. */
  private static int sockets(Simulation simulation, Collection<Book> books) {
    Set<TransportAddress> open = new HashSet<>();
    for (SimulatedShard shard : simulation.shards) {
      open.addAll(shard.open.values());
      open.addAll(shard.streams.listening.values());
    }
    for (Book book : books) {
      for (Book.Leg leg : book.legs.values()) {
        boolean live = leg.until() - simulation.now() > 0;
        assertThat(!live || open.remove(leg.address()))
            .as("a relayed address without its socket: %s", leg.address())
            .isTrue();
      }
    }
    // One whose time is over may be there until the machine wakes up, or be another's already.
    books.forEach(book -> book.legs.values().forEach(leg -> open.remove(leg.address())));
    return open.size();
  }
}
