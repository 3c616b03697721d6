package org.bradawl.turn.server;

import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.Method;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.MobilityTicket;
import org.bradawl.stun.attribute.UnknownAttributes;

/**
 * What every request passes on its way to its procedure: was it answered before, who sent it, is
 * all of it understood, and is there the allocation it is about (RFC 8489 §6.3.1, RFC 8656 §5).
 */
final class Requests {

  private static final int DONT_FRAGMENT = 0x001A;

  /** A procedure for a request that is authentic and understood. */
  private interface Procedure {
    Reply run(Exchange exchange, Caller caller, long nowNanos);
  }

  /** A procedure for such a request about its sender's allocation. */
  private interface OnAllocation {
    Reply run(Allocation allocation, Exchange exchange, Caller caller, long nowNanos);
  }

  private final boolean relays;
  private final boolean forbidsFragments;
  private final Answers answers;
  private final Authenticator authenticator;
  private final BindingResponder binding;
  private final Allocating allocating;
  private final Permitting permitting;
  private final Connecting connecting;
  private final Moving moving;
  private final Allocations allocations;

  /**
   * The requests of one shard.
   *
   * @param relays whether there is TURN at all
   * @param forbidsFragments whether the shell can set the DF bit
   */
  Requests(
      boolean relays,
      boolean forbidsFragments,
      Answers answers,
      Authenticator authenticator,
      BindingResponder binding,
      Allocating allocating,
      Permitting permitting,
      Connecting connecting,
      Moving moving,
      Allocations allocations) {
    this.moving = moving;
    this.relays = relays;
    this.forbidsFragments = forbidsFragments;
    this.answers = answers;
    this.authenticator = authenticator;
    this.binding = binding;
    this.allocating = allocating;
    this.permitting = permitting;
    this.connecting = connecting;
    this.allocations = allocations;
  }

  void take(Exchange exchange, long nowNanos) {
    switch (exchange.request().method()) {
      case Method.Known known -> take(known, exchange, nowNanos);
      case Method.Unknown _ -> answers.ignoreMethod();
    }
  }

  private void take(Method.Known method, Exchange exchange, long nowNanos) {
    switch (method) {
      case BINDING -> binding.answer(exchange);
      case ALLOCATE -> turn(exchange, allocating::begin, nowNanos);
      case REFRESH ->
          turn(
              exchange,
              exchange.has(MobilityTicket.class) ? moving::refresh : about(permitting::refresh),
              nowNanos);
      case CREATE_PERMISSION -> turn(exchange, about(permitting::createPermission), nowNanos);
      case CHANNEL_BIND -> turn(exchange, about(permitting::channelBind), nowNanos);
      case CONNECT -> turn(exchange, about(connecting::connect), nowNanos);
      case CONNECTION_BIND -> turn(exchange, connecting::bind, nowNanos);
      case SHARED_SECRET, SEND, DATA, CONNECTION_ATTEMPT -> answers.ignoreMethod();
    }
  }

  private void turn(Exchange exchange, Procedure procedure, long nowNanos) {
    if (!relays) {
      answers.ignoreMethod();
      return;
    }
    if (answers.repeat(exchange, nowNanos) || allocating.awaits(exchange)) {
      return;
    }
    switch (check(exchange, nowNanos)) {
      case Authenticator.Outcome.Refused refused -> answers.refuse(exchange, refused.failure());
      case Authenticator.Outcome.Stale stale -> answers.refuse(exchange, stale);
      case Authenticator.Outcome.Authentic authentic -> {
        Caller caller = authentic.caller();
        answers.answer(exchange, caller, reply(exchange, caller, procedure, nowNanos), nowNanos);
      }
    }
  }

  /** RFC 8489 §6.3.1 comes before any procedure; then what RFC 8656 calls malformed. */
  private Reply reply(Exchange exchange, Caller caller, Procedure procedure, long nowNanos) {
    List<Integer> unknown = notUnderstood(exchange);
    if (!unknown.isEmpty()) {
      return Reply.Failure.of(Fault.UNKNOWN_ATTRIBUTE, new UnknownAttributes(unknown));
    }
    return exchange.request().isMalformed()
        ? Reply.Failure.of(Fault.BAD_REQUEST)
        : procedure.run(exchange, caller, nowNanos);
  }

  private Authenticator.Outcome check(Exchange exchange, long nowNanos) {
    Authenticator.Outcome outcome = authenticator.check(exchange, nowNanos);
    if (!(outcome instanceof Authenticator.Outcome.Authentic)
        && exchange.request().method() == Method.Known.CONNECTION_BIND) {
      return connecting
          .asIfOnControl(exchange)
          .map(onControl -> authenticator.check(onControl, nowNanos))
          .filter(Authenticator.Outcome.Authentic.class::isInstance)
          .orElse(outcome);
    }
    if (outcome instanceof Authenticator.Outcome.Stale
        && exchange.request().method() == Method.Known.REFRESH) {
      // RFC 8016 §3.2.2: a client that has moved still has the nonce of its old address.
      return moving
          .named(exchange)
          .map(allocation -> new Exchange(allocation.client(), exchange.request()))
          .map(onOldPath -> authenticator.check(onOldPath, nowNanos))
          .filter(Authenticator.Outcome.Authentic.class::isInstance)
          .orElse(outcome);
    }
    return outcome;
  }

  private Procedure about(OnAllocation procedure) {
    return (exchange, caller, nowNanos) -> {
      Allocation allocation = allocations.of(exchange.path());
      if (allocation == null) {
        return Reply.Failure.of(Fault.ALLOCATION_MISMATCH);
      }
      return allocation.isOwnedBy(caller.principal())
          ? procedure.run(allocation, exchange, caller, nowNanos)
          : Reply.Failure.of(Fault.WRONG_CREDENTIALS);
    };
  }

  /** RFC 8656 §7.2: who cannot set the DF bit does not know DONT-FRAGMENT. */
  private List<Integer> notUnderstood(Exchange exchange) {
    List<Integer> unknown = new ArrayList<>(exchange.request().unknownComprehensionRequired());
    // Of datagrams only: a request for TCP that has it contradicts itself (RFC 6062 §5.1).
    if (exchange.has(DontFragment.class)
        && !forbidsFragments
        && !AllocateRequest.asksForTcp(exchange)) {
      unknown.add(DONT_FRAGMENT);
    }
    return unknown;
  }
}
