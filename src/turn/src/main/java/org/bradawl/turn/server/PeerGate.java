package org.bradawl.turn.server;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.PeerRules.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Whether, and by which address, a peer may be reached. In this order:
 *
 * <ol>
 *   <li>an address that this server relays now: always, whatever range it lies in;
 *   <li>a service of this server: never, even where its address is allowed;
 *   <li>an address in an allowed range: yes;
 *   <li>one in a denied range, or another port of this server's own addresses: no;
 *   <li>anything else: yes.
 * </ol>
 *
 * <p>Permissions are by address (RFC 8656 §9), but the first two rules are by port. A permission
 * for an address that they could concern is therefore <em>guarded</em>: each of its datagrams
 * passes here, in both directions. All others are decided once, when the permission is installed.
 */
final class PeerGate {

  private PeerRules rules;
  private final RelayAddresses relayAddresses;
  private final Set<IpAddress> own;
  private final Set<IpAddress> advertised = new HashSet<>();
  private final TransportAddress[] services;
  private long ownChanges;

  PeerGate(TurnSettings settings, RelayAddresses relayAddresses) {
    this.rules = settings.peers();
    this.relayAddresses = relayAddresses;
    this.services = settings.ownServices().toArray(TransportAddress[]::new);
    this.own = new HashSet<>(settings.ownAddresses());
    for (TransportAddress service : services) {
      own.add(service.address());
    }
    relayAddresses(settings.relayAddresses());
  }

  /** Replaces the rules; who holds permissions asks {@link #isGuarded} anew. */
  void rules(PeerRules changed) {
    rules = changed;
    ownChanges++;
  }

  /** Why {@link #route} and {@link #permits} refuse this peer. */
  PeerDenial.Ground ground(TransportAddress peer) {
    if (isService(peer)) {
      return new PeerDenial.Ground(PeerDenial.Rule.OWN_SERVICE, Optional.empty());
    }
    return switch (rules.verdict(peer.address())) {
      case DENIED -> rules.ground(peer.address());
      case UNLISTED, ALLOWED ->
          new PeerDenial.Ground(PeerDenial.Rule.OWN_ADDRESS, Optional.empty());
    };
  }

  /** Learns which addresses clients are told of; what they were told of before is kept too. */
  void relayAddresses(List<RelayAddress> addresses) {
    ownChanges++;
    for (RelayAddress address : addresses) {
      own.add(address.local());
      own.add(address.advertised());
      if (!address.advertised().equals(address.local())) {
        advertised.add(address.advertised());
      }
    }
  }

  /**
   * Changes whenever an answer of {@link #route} could. Read it before asking: an answer is never
   * newer than its version.
   */
  long version() {
    return relayAddresses.changes() + ownChanges;
  }

  /** Where datagrams for {@code peer} go; null if it must not be reached. */
  @Nullable TransportAddress route(TransportAddress peer) {
    return route(peer, relayAddresses);
  }

  /** The same for a transport that this server relays at {@code relayed}. */
  @Nullable TransportAddress route(TransportAddress peer, RelayAddresses relayed) {
    TransportAddress bound = relayed.bound(peer);
    if (bound != null) {
      return bound;
    }
    if (peer.port() == 0 || isService(peer)) {
      return null;
    }
    return isOpen(peer.address()) ? peer : null;
  }

  /** Whether a permission may be installed for the address of {@code peer}. */
  boolean permits(TransportAddress peer, RelayAddresses relayed) {
    // The port of CreatePermission means nothing (RFC 8656 §10.2), so none at all is no objection.
    return peer.port() == 0 ? isOpen(peer.address()) : route(peer, relayed) != null;
  }

  private boolean isOpen(IpAddress address) {
    return switch (rules.verdict(address)) {
      case ALLOWED -> true;
      case UNLISTED -> !isOwn(address);
      case DENIED -> false;
    };
  }

  /** Whether the answer for {@code address} depends on the port, and so on each datagram. */
  boolean isGuarded(IpAddress address) {
    return isOwn(address) || rules.verdict(address) == Verdict.DENIED;
  }

  private boolean isService(TransportAddress peer) {
    if (!isOwn(peer.address())) {
      return false;
    }
    IpAddress canonical = EmbeddedIpv4.unwrap(peer.address());
    for (TransportAddress service : services) {
      if (service.port() == peer.port()
          && (service.address().isAny()
              || service.address().equals(canonical)
              || advertised.contains(canonical))) {
        return true;
      }
    }
    return false;
  }

  /** An address of this machine; every loopback address is, listed or not. */
  private boolean isOwn(IpAddress address) {
    IpAddress canonical = EmbeddedIpv4.unwrap(address);
    return own.contains(canonical) || isLoopback(canonical);
  }

  private static boolean isLoopback(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> address.low() >>> 24 == 127;
      case IPV6 -> address.high() == 0 && address.low() == 1;
    };
  }
}
