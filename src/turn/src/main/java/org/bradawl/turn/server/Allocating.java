package org.bradawl.turn.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.AddressErrorCode;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.TurnCounters.Event;
import org.jspecify.annotations.Nullable;

/**
 * The Allocate procedure (RFC 8656 §7.2). The checks of an {@link AllocateRequest} answer at once;
 * what passes them waits for its socket, and holds its place in the quota and its port meanwhile.
 */
final class Allocating {

  /**
   * How many ports are tried when other programs hold some. With half of the range taken, one
   * request in 65,536 fails that could have been served.
   */
  private static final int MOST_ATTEMPTS = 16;

  private final Lifetimes lifetimes;
  private final RelayPorts ports;
  private final AllocationQuota quota;
  private final Allocations allocations;
  private final Answers answers;
  private final ServerActions actions;
  private final TurnCounters counters;
  private final Redirecting redirecting;
  private final Moving moving;
  private final Map<RelayId, Pending> byRelay = new HashMap<>();
  private final Map<FiveTuple, Pending> byClient = new HashMap<>();
  private long lastRelay;
  private boolean accepting = true;

  /** A request that waits for its socket. */
  private static final class Pending {

    private final Exchange exchange;
    private final Caller caller;
    private final List<RelayPorts.Loan> unusable = new ArrayList<>();
    private final List<Opened> opened = new ArrayList<>();
    private final Queue<RelayPorts.Wish> wishes = new ArrayDeque<>();
    private Optional<AddressErrorCode> missing = Optional.empty();
    private RelayPorts.@Nullable Wish wish;
    private RelayPorts.@Nullable Loan loan;
    private boolean cancelled;

    /** One relay that is open, where two are asked for. */
    private record Opened(RelayId relay, RelayPorts.Loan loan) {}

    Pending(Exchange exchange, Caller caller, List<RelayPorts.Wish> wishes) {
      this.exchange = exchange;
      this.caller = caller;
      this.wishes.addAll(wishes);
    }

    RelayPorts.Loan loan() {
      if (loan == null) {
        throw new IllegalStateException("a request without a port waits for no socket");
      }
      return loan;
    }

    /** RFC 8656 §7.2: of two families one may be missing, and the answer says why. */
    void misses(Family family, Fault fault) {
      missing = Optional.of(new AddressErrorCode(family, fault.code(), fault.reason()));
    }

    FiveTuple client() {
      return exchange.path();
    }

    boolean tcp() {
      return AllocateRequest.asksForTcp(exchange);
    }

    Principal principal() {
      return caller.principal();
    }
  }

  Allocating(
      Lifetimes lifetimes,
      RelayPorts ports,
      AllocationQuota quota,
      Allocations allocations,
      Answers answers,
      ServerActions actions,
      TurnCounters counters,
      Redirecting redirecting,
      Moving moving) {
    this.moving = moving;
    this.redirecting = redirecting;
    this.lifetimes = lifetimes;
    this.ports = ports;
    this.quota = quota;
    this.allocations = allocations;
    this.answers = answers;
    this.actions = actions;
    this.counters = counters;
  }

  /** Lets new allocations begin, or not; clients look for another server then (RFC 8656 §7.3). */
  void accepting(boolean whether) {
    accepting = whether;
  }

  /** How many requests wait for a socket. */
  int pending() {
    return byRelay.size();
  }

  /**
   * Whether this very request waits for its socket, and will be answered then. To be asked before
   * its credentials are looked at: they may have become stale meanwhile.
   */
  boolean awaits(Exchange exchange) {
    Pending pending = byClient.isEmpty() ? null : byClient.get(exchange.path());
    return pending != null && pending.exchange.isAlso(exchange);
  }

  Reply begin(Exchange exchange, Caller caller, long nowNanos) {
    if (byClient.containsKey(exchange.path())) {
      return Reply.Failure.of(Fault.ALLOCATION_MISMATCH);
    }
    Allocation existing = allocations.of(exchange.path());
    if (existing != null) {
      return existing
          .repeat(exchange.request().transactionId())
          .orElse(Reply.Failure.of(Fault.ALLOCATION_MISMATCH));
    }
    Optional<Fault> fault = new AllocateRequest(exchange).fault(ports::serves);
    if (fault.isPresent()) {
      return Reply.Failure.of(fault.get());
    }
    Optional<Fault> immobile = moving.fault(exchange);
    if (immobile.isPresent()) {
      return Reply.Failure.of(immobile.get());
    }
    Optional<Reply.Failure> elsewhere =
        redirecting.elsewhere(exchange.path(), caller.principal().user());
    if (elsewhere.isPresent()) {
      return elsewhere.get();
    }
    if (!accepting) {
      return Reply.Failure.of(Fault.INSUFFICIENT_CAPACITY);
    }
    return switch (quota.take(caller.principal())) {
      case USER_FULL, APPLICATION_FULL -> Reply.Failure.of(Fault.ALLOCATION_QUOTA_REACHED);
      case SERVER_FULL -> Reply.Failure.of(Fault.INSUFFICIENT_CAPACITY);
      case TAKEN -> open(exchange, caller, nowNanos);
    };
  }

  private Reply open(Exchange exchange, Caller caller, long nowNanos) {
    Pending pending = new Pending(exchange, caller, new AllocateRequest(exchange).wishes());
    byClient.put(exchange.path(), pending);
    proceed(pending, nowNanos);
    return new Reply.Later();
  }

  /** Asks for the next socket that the request needs, or answers it. */
  private void proceed(Pending pending, long nowNanos) {
    for (RelayPorts.Wish wish = pending.wishes.poll(); wish != null; wish = pending.wishes.poll()) {
      if (wish instanceof RelayPorts.Wish.Fresh fresh && !ports.serves(fresh.family())) {
        pending.misses(fresh.family(), Fault.ADDRESS_FAMILY_NOT_SUPPORTED);
        continue;
      }
      Optional<RelayPorts.Loan> loan = ports.lend(wish, nowNanos);
      if (loan.isPresent()) {
        pending.wish = wish;
        pending.loan = loan.get();
        ask(pending);
        return;
      }
      missed(pending, wish);
    }
    conclude(pending, nowNanos);
  }

  private static void missed(Pending pending, RelayPorts.Wish wish) {
    if (wish instanceof RelayPorts.Wish.Fresh fresh) {
      pending.misses(fresh.family(), Fault.INSUFFICIENT_CAPACITY);
    }
  }

  private void ask(Pending pending) {
    RelayId relay = new RelayId(++lastRelay);
    byRelay.put(relay, pending);
    TransportAddress local = pending.loan().port().bound();
    if (pending.tcp()) {
      actions.streams().listen(relay, local);
    } else {
      actions.openRelay(relay, local);
    }
  }

  /** The socket is open. Whether anybody waited for it; otherwise it is to be closed. */
  void opened(RelayId relay, long nowNanos) {
    Pending pending = byRelay.remove(relay);
    if (pending == null || pending.cancelled) {
      counters.tally(Event.LATE);
      actions.closeRelay(relay);
      if (pending != null) {
        abandon(pending);
      }
      return;
    }
    if (!ports.holdSpare(pending.loan())) {
      actions.closeRelay(relay);
      tryAnother(pending, RefusalReason.PORT_TAKEN, nowNanos);
      return;
    }
    pending.opened.add(new Pending.Opened(relay, pending.loan()));
    proceed(pending, nowNanos);
  }

  /** Everything was asked for: the answer is due. */
  private void conclude(Pending pending, long nowNanos) {
    byClient.remove(pending.client());
    pending.unusable.forEach(ports::giveBack);
    if (pending.opened.isEmpty()) {
      quota.giveBack(pending.principal());
      answers.answer(
          pending.exchange,
          pending.caller,
          Reply.Failure.of(Fault.INSUFFICIENT_CAPACITY),
          nowNanos);
      return;
    }
    Lifetimes.Term term =
        lifetimes.term(pending.exchange.first(Lifetime.class), pending.caller, nowNanos);
    Pending.Opened first = pending.opened.getFirst();
    Allocation allocation =
        allocations.begin(
            pending.client(),
            pending.caller.principal(),
            first.loan().port(),
            first.relay(),
            pending.tcp(),
            term,
            nowNanos);
    for (Pending.Opened second : pending.opened.subList(1, pending.opened.size())) {
      allocations.second(allocation, second.loan().port(), second.relay());
    }
    allocations.announce(allocation);
    Reply.Success success = success(pending, allocation, term, nowNanos);
    allocation.vouchedFor(pending.caller);
    allocation.madeBy(pending.exchange.request().transactionId(), success);
    answers.answer(pending.exchange, pending.caller, success, nowNanos);
  }

  private Reply.Success success(
      Pending pending, Allocation allocation, Lifetimes.Term term, long nowNanos) {
    List<Attribute> attributes = new ArrayList<>();
    for (Leg leg : allocation.legs()) {
      attributes.add(new XorRelayedAddress(leg.port().advertised()));
    }
    attributes.add(new Lifetime(term.seconds()));
    ports
        .reserveSpare(pending.opened.getFirst().loan(), nowNanos)
        .ifPresent(token -> attributes.add(new ReservationToken(token)));
    attributes.add(new XorMappedAddress(pending.client().client()));
    pending.missing.ifPresent(attributes::add);
    moving.first(pending.exchange, allocation).ifPresent(attributes::add);
    return new Reply.Success(attributes);
  }

  /** The socket could not be opened: another port is tried, or the request refused. */
  void refused(RelayId relay, RefusalReason reason, long nowNanos) {
    Pending pending = byRelay.remove(relay);
    if (pending == null || pending.cancelled) {
      counters.tally(Event.LATE);
      if (pending != null) {
        abandon(pending);
      }
      return;
    }
    tryAnother(pending, reason, nowNanos);
  }

  private void tryAnother(Pending pending, RefusalReason reason, long nowNanos) {
    // Kept until the request is decided, so that the next pick cannot hit the same port.
    pending.unusable.add(pending.loan());
    RelayPorts.Wish wish = Objects.requireNonNull(pending.wish);
    Optional<RelayPorts.Loan> next =
        switch (reason) {
          case PORT_TAKEN ->
              pending.unusable.size() < MOST_ATTEMPTS
                  ? ports.lend(wish, nowNanos)
                  : Optional.empty();
          case UNAVAILABLE -> Optional.empty();
        };
    if (next.isPresent()) {
      pending.loan = next.get();
      ask(pending);
      return;
    }
    missed(pending, wish);
    proceed(pending, nowNanos);
  }

  /** Nobody waits for this client's request any more; its port comes back with the answer. */
  void cancel(FiveTuple client) {
    Pending pending = byClient.remove(client);
    if (pending != null) {
      pending.cancelled = true;
    }
  }

  /** Nobody waits any more for the requests of those whom {@code who} names. */
  void cancelWhere(Predicate<Principal> who) {
    for (Pending pending : List.copyOf(byClient.values())) {
      if (who.test(pending.caller.principal())) {
        cancel(pending.client());
      }
    }
  }

  void cancelAll() {
    byClient.values().forEach(pending -> pending.cancelled = true);
    byClient.clear();
  }

  private void abandon(Pending pending) {
    pending.unusable.forEach(ports::giveBack);
    ports.giveBack(pending.loan());
    for (Pending.Opened opened : pending.opened) {
      actions.closeRelay(opened.relay());
      ports.giveBack(opened.loan());
    }
    quota.giveBack(pending.principal());
  }
}
