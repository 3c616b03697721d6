package org.bradawl.traversal.broker;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.Standing;

/**
 * The native peers that are here, and what is held of their NATs: when a report is believed, and
 * when another is asked for. It knows nothing of whom they want to meet.
 */
final class Roster {

  /** As many bits as a secret needs when guessing it takes a datagram per try. */
  private static final int KEY_BYTES = 16;

  private final Map<String, NativePeer> peers = new HashMap<>();
  private final Map<String, NativePeer> byKey = new HashMap<>();
  private final String keyPrefix;
  private final BrokerLimits limits;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final BrokerActions actions;

  Roster(
      String keyPrefix,
      BrokerLimits limits,
      RandomGenerator random,
      InstantSource clock,
      BrokerActions actions) {
    this.keyPrefix = keyPrefix;
    this.limits = limits;
    this.random = random;
    this.clock = clock;
    this.actions = actions;
  }

  /** The peer of this name, whatever its session. */
  Optional<NativePeer> find(String name) {
    return Optional.ofNullable(peers.get(name));
  }

  /** The peer of this name, if it is here in this session. */
  Optional<NativePeer> find(String name, String session) {
    return find(name).filter(peer -> peer.session().equals(session));
  }

  int size() {
    return peers.size();
  }

  void remove(NativePeer peer) {
    peers.remove(peer.name());
    byKey.remove(peer.key());
  }

  /** A peer has said what it is, for the first time in its session or again. */
  void introduced(Arrival arrival, FromPeer.Host host, long now) {
    NativePeer known = peers.get(arrival.peer());
    if (known == null) {
      known =
          new NativePeer(
              arrival, key(), host, new Pace(limits.connectBurst(), limits.connectInterval(), now));
      peers.put(arrival.peer(), known);
      byKey.put(known.key(), known);
      lookUp(known);
    } else {
      known.host(host, arrival.address());
      changed(known);
    }
    tellObserved(known, host.id());
    probe(known, now);
  }

  /** The answer to {@link BrokerActions#lookUpProfile}; a late one is of no effect. */
  void profileFound(String name, Network network, Optional<Profile> found) {
    NativePeer peer = peers.get(name);
    if (peer == null || !peer.network().equals(network) || peer.profile().isPresent()) {
      return;
    }
    found.ifPresent(profile -> {
      peer.profile(checked(peer, profile));
      judge(peer);
      tellObserved(peer, Optional.empty());
    });
  }

  /** STUN has got a datagram or a connection from a peer that knows this key, and is there. */
  void seen(String key, FiveTuple.Transport transport, TransportAddress client) {
    NativePeer peer = byKey.get(key);
    if (peer == null || !peer.seen(transport, client)) {
      return;
    }
    changed(peer);
    peer.profile()
        .ifPresent(profile -> {
          Profile again = checked(peer, profile);
          if (again.standing() != profile.standing()) {
            peer.profile(again);
            actions.keep(peer.name(), again);
          }
          judge(peer);
        });
    tellObserved(peer, Optional.empty());
  }

  private Profile checked(NativePeer peer, Profile profile) {
    ReportCheck check =
        new ReportCheck(profile.report(), peer.hosts(), peer.observed(), peer.udpSeen());
    return new Profile(
        profile.network(), profile.report(), check.standing(), check.doubts(), profile.observed());
  }

  /** Whether another report is wanted now. */
  private void judge(NativePeer peer) {
    Instant now = clock.instant();
    peer.want(
        peer.profile()
            .map(profile -> {
              boolean fresh = profile.isFresh(now);
              return switch (profile.standing()) {
                case CONFIRMED, UNCONFIRMED ->
                    fresh
                        ? Optional.<FromServer.Reason>empty()
                        : Optional.of(FromServer.Reason.OLD);
                case DOUBTED -> Optional.of(FromServer.Reason.DOUBTED).filter(_ -> !fresh);
              };
            })
            .orElse(Optional.of(FromServer.Reason.NONE)));
  }

  /** A peer has reported on its NAT. */
  void reported(NativePeer peer, FromPeer.NatReport told) {
    Profile claimed =
        new Profile(
            peer.network(), told.report(), Standing.UNCONFIRMED, List.of(), clock.instant());
    Profile profile = checked(peer, claimed);
    peer.profile(profile);
    judge(peer);
    actions.keep(peer.name(), profile);
    actions.tell(
        peer.name(),
        new FromServer.ReportTaken(
            told.id(), profile.standing(), profile.doubts(), profile.freshFor()));
  }

  /** Asks for another report where the one at hand has grown old. */
  void refresh() {
    for (NativePeer peer : List.copyOf(peers.values())) {
      Optional<FromServer.Reason> before = peer.wanted();
      judge(peer);
      if (peer.profile().isPresent() && before.isEmpty() && peer.wanted().isPresent()) {
        tellObserved(peer, Optional.empty());
      }
    }
  }

  private void lookUp(NativePeer peer) {
    peer.want(Optional.of(FromServer.Reason.NONE));
    actions.lookUpProfile(peer.name(), peer.network());
  }

  private void changed(NativePeer peer) {
    if (peer.moved()) {
      lookUp(peer);
      peer.want(Optional.of(FromServer.Reason.NETWORK_CHANGED));
    }
  }

  private void tellObserved(NativePeer peer, Optional<String> id) {
    actions.tell(peer.name(), peer.observed(id, clock.instant()));
  }

  /** Measures the way to a peer and back. */
  void probe(NativePeer peer, long now) {
    actions.tell(peer.name(), new FromServer.Probe(peer.roundTrip().probe(now)));
  }

  private String key() {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return keyPrefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
