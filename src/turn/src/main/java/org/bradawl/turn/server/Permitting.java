package org.bradawl.turn.server;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bradawl.stun.ChannelData;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.TurnSettings.Quotas;

/**
 * The procedures on an allocation: Refresh, CreatePermission, ChannelBind (RFC 8656 §8, 10, 12).
 */
final class Permitting {

  private static final long PERMISSION_NANOS = TurnSettings.PERMISSION_LIFETIME.toNanos();
  private static final long CHANNEL_NANOS = TurnSettings.CHANNEL_LIFETIME.toNanos();

  private final Lifetimes lifetimes;
  private final ServerActions actions;
  private Quotas quotas;
  private final PeerGate gate;
  private final SharedState shared;
  private final Allocations allocations;

  Permitting(
      Lifetimes lifetimes,
      Quotas quotas,
      PeerGate gate,
      SharedState shared,
      Allocations allocations,
      ServerActions actions) {
    this.actions = actions;
    this.lifetimes = lifetimes;
    this.quotas = quotas;
    this.gate = gate;
    this.shared = shared;
    this.allocations = allocations;
  }

  /** Changes how many permissions and channels an allocation may have; those it has stay. */
  void quotas(Quotas changed) {
    quotas = changed;
  }

  Reply refresh(Allocation allocation, Exchange exchange, Caller caller, long nowNanos) {
    Optional<RequestedAddressFamily> family = exchange.first(RequestedAddressFamily.class);
    Optional<Family> only = family.flatMap(RequestedAddressFamily::family);
    if (family.isPresent() && only.filter(allocation::relays).isEmpty()) {
      return Reply.Failure.of(Fault.PEER_ADDRESS_FAMILY_MISMATCH);
    }
    Optional<Lifetime> asked = exchange.first(Lifetime.class);
    if (asked.isPresent() && asked.get().seconds() == 0) {
      if (only.isPresent() && allocation.isDual()) {
        allocations.drop(allocation, only.get());
      } else {
        allocations.end(allocation, EndReason.RELEASED, nowNanos);
      }
      return Reply.Success.of(new Lifetime(0));
    }
    Lifetimes.Term term = lifetimes.term(asked, caller, nowNanos);
    allocation.refresh(only, term, nowNanos);
    allocation.vouchedFor(caller);
    allocations.wakeBy(allocation, nowNanos + term.nanos());
    return Reply.Success.of(new Lifetime(term.seconds()));
  }

  /** All or nothing: one peer that is refused refuses the request (RFC 8656 §10.2). */
  Reply createPermission(Allocation allocation, Exchange exchange, Caller caller, long nowNanos) {
    List<XorPeerAddress> peers = exchange.request().all(XorPeerAddress.class);
    if (peers.isEmpty()) {
      return Reply.Failure.of(Fault.BAD_REQUEST);
    }
    Set<IpAddress> fresh = new HashSet<>();
    for (XorPeerAddress peer : peers) {
      Optional<Fault> fault =
          fault(allocation, peer.address(), permits(allocation, peer.address()));
      if (fault.isPresent()) {
        return Reply.Failure.of(fault.get());
      }
      if (allocation.permission(peer.address().address()) == null) {
        fresh.add(peer.address().address());
      }
    }
    if (allocation.permissions() + fresh.size() > quotas.permissionsPerAllocation()) {
      return Reply.Failure.of(Fault.INSUFFICIENT_CAPACITY);
    }
    peers.forEach(peer -> permit(allocation, peer.address(), nowNanos));
    return Reply.Success.of();
  }

  /** The checks of RFC 8656 §12.2, in its order. */
  Reply channelBind(Allocation allocation, Exchange exchange, Caller caller, long nowNanos) {
    Optional<ChannelNumber> number = exchange.first(ChannelNumber.class);
    Optional<XorPeerAddress> named = exchange.first(XorPeerAddress.class);
    // RFC 6062 §3: an allocation that relays TCP has neither channels nor indications.
    if (allocation.relaysTcp()
        || number.isEmpty()
        || named.isEmpty()
        || !ChannelData.isChannel(number.get().number())) {
      return Reply.Failure.of(Fault.BAD_REQUEST);
    }
    int channel = number.get().number();
    TransportAddress peer = named.get().address();
    Channel byNumber = allocation.channel(channel);
    Channel byPeer = allocation.channel(peer);
    if (byNumber != byPeer) {
      return Reply.Failure.of(Fault.BAD_REQUEST);
    }
    Optional<Fault> fault = fault(allocation, peer, gate.route(peer) != null);
    if (fault.isPresent()) {
      return Reply.Failure.of(fault.get());
    }
    if (byNumber != null) {
      permit(allocation, peer, nowNanos);
      byNumber.refresh(nowNanos + CHANNEL_NANOS);
      return Reply.Success.of();
    }
    return bind(allocation, channel, peer, nowNanos);
  }

  private Reply bind(Allocation allocation, int channel, TransportAddress peer, long nowNanos) {
    boolean fresh = allocation.permission(peer.address()) == null;
    if (allocation.channels() >= quotas.channelsPerAllocation()
        || (fresh && allocation.permissions() >= quotas.permissionsPerAllocation())) {
      return Reply.Failure.of(Fault.INSUFFICIENT_CAPACITY);
    }
    Permission permission = permit(allocation, peer, nowNanos);
    allocation.bind(channel, peer, permission, nowNanos + CHANNEL_NANOS);
    allocations.wakeBy(allocation, nowNanos + CHANNEL_NANOS);
    return Reply.Success.of();
  }

  private Permission permit(Allocation allocation, TransportAddress peer, long nowNanos) {
    long until = nowNanos + PERMISSION_NANOS;
    allocations.wakeBy(allocation, until);
    return allocation.permit(peer, gate.isGuarded(peer.address()), until);
  }

  private boolean permits(Allocation allocation, TransportAddress peer) {
    return gate.permits(peer, shared.relayAddresses(allocation.relaysTcp()));
  }

  private Optional<Fault> fault(Allocation allocation, TransportAddress peer, boolean allowed) {
    if (!allocation.relays(peer.address().family())) {
      return Optional.of(Fault.PEER_ADDRESS_FAMILY_MISMATCH);
    }
    if (allowed) {
      return Optional.empty();
    }
    PeerDenial.Ground ground = gate.ground(peer);
    AllocationInfo info = allocation.info();
    actions.peerDenied(
        new PeerDenial(info.principal(), info.client(), peer, ground.rule(), ground.range()));
    return Optional.of(Fault.FORBIDDEN);
  }
}
