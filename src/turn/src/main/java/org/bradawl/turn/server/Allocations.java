package org.bradawl.turn.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.TurnCounters.Event;
import org.jspecify.annotations.Nullable;

/** The living allocations of one shard: how they are found, and how they begin and end. */
final class Allocations {

  private final SharedState shared;
  private final DeadlineQueue deadlines;
  private final RandomGenerator random;
  private final PeerConnections connections;
  private final ServerActions actions;
  private final Clients clients;
  private final TurnCounters counters;
  private final FiveTupleTable byClient;
  private final RelayMap<Allocation> byRelay;
  private final Meters meters;
  private final Map<AllocationId, Allocation> byId = new HashMap<>();

  Allocations(
      SharedState shared,
      DeadlineQueue deadlines,
      RandomGenerator random,
      PeerConnections connections,
      ServerActions actions,
      Clients clients,
      TurnCounters counters) {
    this.clients = clients;
    this.shared = shared;
    this.deadlines = deadlines;
    this.random = random;
    this.connections = connections;
    this.actions = actions;
    this.counters = counters;
    this.meters = new Meters(shared.bandwidth());
    this.byClient = new FiveTupleTable(random.nextLong());
    this.byRelay = new RelayMap<>(random.nextLong());
  }

  int size() {
    return byId.size();
  }

  @Nullable Allocation of(FiveTuple client) {
    return byClient.get(client);
  }

  /** Who brought the access token of the allocation on this path, if it has one. */
  Optional<Caller> bearer(FiveTuple client) {
    return Optional.ofNullable(of(client)).flatMap(Allocation::bearer);
  }

  @Nullable Allocation of(RelayId relay) {
    return byRelay.get(relay);
  }

  @Nullable Allocation of(AllocationId id) {
    return byId.get(id);
  }

  List<AllocationView> views() {
    return byId.values().stream().map(Allocation::view).toList();
  }

  /** Holds every permission against rules that have changed. */
  void guard(PeerGate gate) {
    byId.values().forEach(allocation -> allocation.guard(gate));
  }

  /** Begins an allocation on a socket that is open. */
  Allocation begin(
      FiveTuple client,
      Principal principal,
      RelayPort port,
      RelayId relay,
      boolean tcp,
      Lifetimes.Term term,
      long nowNanos) {
    AllocationInfo info =
        new AllocationInfo(freshId(), principal, client, port.advertised(), nowNanos);
    Allocation allocation = new Allocation(info, port, relay, tcp, this, term, random.nextLong());
    allocation.meter(meters.open(principal, nowNanos));
    byClient.add(allocation);
    byRelay.put(relay, allocation);
    byId.put(info.id(), allocation);
    shared.relayAddresses(tcp).add(port.advertised(), port.bound());
    deadlines.schedule(allocation, allocation.expiresNanos());
    counters.tally(Event.ALLOCATED);
    return allocation;
  }

  /** Tells of an allocation that has all its relayed addresses. */
  void announce(Allocation allocation) {
    actions.allocationStarted(allocation.view());
  }

  /** Gives an allocation its second relayed address, on a socket that is open. */
  void second(Allocation allocation, RelayPort port, RelayId relay) {
    allocation.second(port, relay);
    byRelay.put(relay, allocation);
    shared.relayAddresses().add(port.advertised(), port.bound());
  }

  /** Ends one family of a dual allocation. */
  void drop(Allocation allocation, Family family) {
    release(allocation, allocation.drop(family));
  }

  private void release(Allocation allocation, Leg leg) {
    byRelay.remove(leg.relay());
    RelayPort port = leg.port();
    shared.relayAddresses(allocation.relaysTcp()).remove(port.advertised(), port.bound());
    actions.closeRelay(leg.relay());
    shared.giveBack(port);
  }

  /** Serves the client at {@code path} too, and nowhere else once it has sent data from there. */
  void moveTo(Allocation allocation, FiveTuple path, long nowNanos) {
    if (path.equals(allocation.next())) {
      return;
    }
    leaveNext(allocation, nowNanos);
    allocation.next(path);
    byClient.add(path, allocation);
    if (clients.isElsewhere(path)) {
      shared.mobility().moved(path, clients.shard());
    }
    held(path, true, nowNanos);
  }

  /** Data came, or a connection went: whether the client has left its old path, it has now. */
  void heard(Allocation allocation, FiveTuple path, long nowNanos) {
    FiveTuple old = allocation.client();
    if (path.equals(allocation.next())) {
      byClient.remove(old);
      held(old, false, nowNanos);
      clients.forget(old);
      allocation.arrive(path);
      counters.tally(Event.MOVED);
    }
  }

  /** The client gave up the path that it was about to move to. */
  void leaveNext(Allocation allocation, long nowNanos) {
    FiveTuple next = allocation.next();
    if (next != null) {
      byClient.remove(next);
      held(next, false, nowNanos);
      clients.forget(next);
      allocation.next(null);
    }
  }

  private void held(FiveTuple path, boolean held, long nowNanos) {
    switch (path.transport()) {
      case UDP, DTLS -> {}
      case TCP, TLS -> clients.held(path, held, nowNanos);
    }
  }

  /** Whether data has to pass its allocation's meter. */
  boolean metered() {
    return meters.active();
  }

  /** Lets {@code allocation} wake up no later than {@code nanos}. */
  void wakeBy(Allocation allocation, long nanos) {
    if (nanos - allocation.deadlineNanos() < 0) {
      deadlines.schedule(allocation, nanos);
    }
  }

  /** Something of {@code allocation} is over, perhaps itself. */
  void due(Allocation allocation, long nowNanos) {
    if (!allocation.isLive(nowNanos)) {
      end(allocation, allocation.expiry(), nowNanos);
      return;
    }
    for (Leg leg : allocation.legs()) {
      if (!leg.isLive(nowNanos)) {
        drop(allocation, leg.family());
      }
    }
    allocation.sweep(nowNanos);
    deadlines.schedule(allocation, allocation.earliestEndNanos(nowNanos));
  }

  /** Ends an allocation and gives back all that it held. */
  void end(Allocation allocation, EndReason reason, long nowNanos) {
    deadlines.cancel(allocation);
    leaveNext(allocation, nowNanos);
    byClient.remove(allocation.client());
    byId.remove(allocation.info().id());
    connections.endOf(allocation);
    allocation.legs().forEach(leg -> release(allocation, leg));
    shared.quota().giveBack(allocation.info().principal());
    meters.close(allocation.info().principal(), nowNanos);
    counters.tally(Event.ENDED);
    actions.allocationEnded(
        new AllocationSummary(allocation.info(), nowNanos, allocation.traffic(), reason));
    if (hangsUp(reason)) {
      switch (allocation.client().transport()) {
        case UDP, DTLS -> {}
        case TCP, TLS -> clients.close(allocation.client());
      }
    }
    clients.forget(allocation.client());
  }

  /** Ends every allocation of those whom {@code who} names; how many. */
  int endWhere(Predicate<Principal> who, EndReason reason, long nowNanos) {
    int ended = 0;
    for (Allocation allocation : new ArrayList<>(byId.values())) {
      if (who.test(allocation.info().principal())) {
        end(allocation, reason, nowNanos);
        ended++;
      }
    }
    return ended;
  }

  void endAll(EndReason reason, long nowNanos) {
    for (Allocation allocation : new ArrayList<>(byId.values())) {
      end(allocation, reason, nowNanos);
    }
  }

  /**
   * Whether the client's connection goes too, which is the only way to tell a client that did not
   * ask for the end.
   */
  private static boolean hangsUp(EndReason reason) {
    return switch (reason) {
      case CREDENTIAL_EXPIRED, CREDENTIAL_REVOKED, ADMIN, RELAY_FAILED, SHUTDOWN -> true;
      case EXPIRED, RELEASED, CLIENT_GONE -> false;
    };
  }

  private AllocationId freshId() {
    AllocationId id = new AllocationId(random.nextLong());
    while (byId.containsKey(id)) {
      id = new AllocationId(random.nextLong());
    }
    return id;
  }
}
