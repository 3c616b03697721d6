package org.bradawl.turn.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.MobilityTicket;
import org.bradawl.stun.attribute.RequestedTransport;

/**
 * Mobility (RFC 8016): a ticket lets a client go on with its allocation from another address. After
 * the Refresh that shows it both addresses are served, until the client sends data from the new
 * one.
 */
final class Moving {

  private final Allocations allocations;
  private final Permitting permitting;
  private final Clients clients;
  private final Mobility mobility;
  private final RandomGenerator random;
  private boolean allowed = true;

  Moving(
      Allocations allocations,
      Permitting permitting,
      Clients clients,
      Mobility mobility,
      RandomGenerator random) {
    this.allocations = allocations;
    this.permitting = permitting;
    this.clients = clients;
    this.mobility = mobility;
    this.random = random;
  }

  void allowed(boolean allowed) {
    this.allowed = allowed;
  }

  /** What is wrong with an Allocate request that asks for mobility (RFC 8016 §3.1.2). */
  Optional<Fault> fault(Exchange exchange) {
    Optional<MobilityTicket> ticket = exchange.first(MobilityTicket.class);
    if (ticket.isEmpty()) {
      return Optional.empty();
    }
    if (!allowed) {
      return Optional.of(Fault.MOBILITY_FORBIDDEN);
    }
    return ticket.get().ticket().isEmpty() ? Optional.empty() : Optional.of(Fault.BAD_REQUEST);
  }

  /**
   * The ticket of a new allocation whose request asked for one. A TCP allocation gets none: its
   * peers' connections belong to the client's, and cannot move.
   */
  Optional<MobilityTicket> first(Exchange exchange, Allocation allocation) {
    boolean udp =
        exchange
            .first(RequestedTransport.class)
            .filter(transport -> transport.protocol() == RequestedTransport.UDP)
            .isPresent();
    return exchange
        .first(MobilityTicket.class)
        .filter(asked -> udp)
        .map(asked -> ticket(allocation));
  }

  private MobilityTicket ticket(Allocation allocation) {
    return new MobilityTicket(
        mobility.seal(
            new Mobility.Ticket(allocation.info().id(), clients.shard(), allocation.nextTicket()),
            random));
  }

  /** The allocation that the ticket of a request names, if it is this shard's. */
  Optional<Allocation> named(Exchange exchange) {
    return exchange
        .first(MobilityTicket.class)
        .flatMap(attribute -> mobility.open(attribute.ticket()))
        .filter(ticket -> ticket.shard() == clients.shard())
        .flatMap(ticket -> Optional.ofNullable(allocations.of(ticket.allocation())));
  }

  /** Refresh with a ticket (RFC 8016 §3.2.2). */
  Reply refresh(Exchange exchange, Caller caller, long nowNanos) {
    if (!allowed) {
      return Reply.Failure.of(Fault.MOBILITY_FORBIDDEN);
    }
    Optional<Mobility.Ticket> ticket =
        exchange.first(MobilityTicket.class).flatMap(given -> mobility.open(given.ticket()));
    if (ticket.isEmpty()) {
      return Reply.Failure.of(Fault.BAD_REQUEST);
    }
    Optional<Allocation> named = named(exchange);
    if (named.isEmpty()) {
      return Reply.Failure.of(Fault.ALLOCATION_MISMATCH);
    }
    Allocation allocation = named.get();
    if (!allocation.isOwnedBy(caller.principal())) {
      return Reply.Failure.of(Fault.WRONG_CREDENTIALS);
    }
    FiveTuple path = exchange.path();
    Allocation there = allocations.of(path);
    if (there != null && there != allocation) {
      return Reply.Failure.of(Fault.ALLOCATION_MISMATCH);
    }
    if (path.equals(allocation.client()) || !allocation.admits(ticket.get().number(), path)) {
      return Reply.Failure.of(Fault.BAD_REQUEST);
    }
    return move(allocation, exchange, caller, nowNanos);
  }

  private Reply move(Allocation allocation, Exchange exchange, Caller caller, long nowNanos) {
    return switch (permitting.refresh(allocation, exchange, caller, nowNanos)) {
      case Reply.Success done when allocations.of(allocation.info().id()) != null -> {
        allocations.moveTo(allocation, exchange.path(), nowNanos);
        List<Attribute> attributes = new ArrayList<>(done.attributes());
        attributes.add(ticket(allocation));
        yield new Reply.Success(attributes);
      }
      case Reply reply -> reply;
    };
  }
}
