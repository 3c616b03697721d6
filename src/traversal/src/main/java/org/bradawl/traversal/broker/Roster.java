package org.bradawl.traversal.broker;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** A database that is there answers in milliseconds; a peer examines its NAT in about three s. */
  private static final long ANSWER_NANOS = 2_000_000_000L;

  private final Map<String, NativePeer> peers = new HashMap<>();
  private final Map<String, NativePeer> byKey = new HashMap<>();
  private final Map<Network, Set<NativePeer>> byNetwork = new HashMap<>();
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
    leave(peer.network(), peer);
  }

  /** A peer has said what it is, for the first time in its session or again. */
  void introduced(Arrival arrival, FromPeer.Host host, long now) {
    NativePeer known = peers.get(arrival.peer());
    if (known == null) {
      known =
          new NativePeer(
              arrival,
              key(),
              host,
              new Pace(limits.connectBurst(), limits.connectInterval(), now),
              now);
      peers.put(arrival.peer(), known);
      byKey.put(known.key(), known);
      settle(known);
      lookUp(known, now);
      // At once: the key in it is what it takes to be seen.
      tellObserved(known, host.id());
    } else {
      known.host(host, arrival.address());
      changed(known, now);
      tellOnceKnown(known, host.id());
    }
    probe(known, now);
  }

  /**
   * The answer to {@link BrokerActions#lookUpProfile}; a late one is of no effect.
   *
   * @param ofNeighbours of other peers in that network
   */
  void profileFound(
      String name, Network network, Optional<Profile> found, List<Profile> ofNeighbours) {
    NativePeer peer = peers.get(name);
    if (peer == null || !peer.network().equals(network) || !peer.insight().isAsked()) {
      return;
    }
    Optional<Insight.Owed> owed = peer.insight().answered(ofNeighbours);
    if (peer.profile().isEmpty()) {
      found.ifPresent(profile -> peer.insight().own(Insight.holdTo(peer, profile)));
    }
    borrow(peer);
    judge(peer);
    if (owed.isPresent() || peer.profile().isPresent()) {
      tellObserved(peer, owed.flatMap(Insight.Owed::id));
    }
  }

  /** STUN has got a datagram or a connection from a peer that knows this key, and is there. */
  void seen(String key, FiveTuple.Transport transport, TransportAddress client, long now) {
    NativePeer peer = byKey.get(key);
    if (peer == null || !peer.seen(transport, client)) {
      return;
    }
    changed(peer, now);
    peer.profile().ifPresent(profile -> checkAgain(peer, profile));
    borrow(peer);
    judge(peer);
    tellOnceKnown(peer, Optional.empty());
  }

  private void checkAgain(NativePeer peer, Profile profile) {
    Profile again = Insight.holdTo(peer, profile);
    if (again.standing() == profile.standing()) {
      return;
    }
    if (peer.insight().isOnLoan()) {
      peer.insight().giveBack(FromServer.Reason.NONE);
    } else {
      peer.insight().judged(again);
      actions.keep(peer.name(), again);
    }
  }

  /** A neighbour's examination of the same NAT saves this peer its own. */
  private void borrow(NativePeer peer) {
    Instant now = clock.instant();
    if (peer.udpSeen() && peer.insight().wantsLoan(now)) {
      peer.insight().borrow(peer, ofNeighbours(peer), now);
    }
  }

  private List<Profile> ofNeighbours(NativePeer peer) {
    return byNetwork.getOrDefault(peer.network(), Set.of()).stream()
        .filter(other -> other != peer)
        .filter(other -> !other.insight().isOnLoan())
        .flatMap(other -> other.profile().stream())
        .filter(profile -> profile.standing() == Standing.CONFIRMED)
        .toList();
  }

  /** A plan that rested on a neighbour's report led to nothing direct: its own may tell more. */
  void disappointed(NativePeer peer) {
    if (peer.insight().isOnLoan()) {
      peer.insight().giveBack(FromServer.Reason.DOUBTED);
      judge(peer);
      tellObserved(peer, Optional.empty());
    }
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
            .orElseGet(() -> Optional.of(peer.insight().missing())));
  }

  /** A peer has reported on its NAT. */
  void reported(NativePeer peer, FromPeer.NatReport told) {
    Profile claimed =
        new Profile(
            peer.network(), told.report(), Standing.UNCONFIRMED, List.of(), clock.instant());
    Profile profile = Insight.holdTo(peer, claimed);
    peer.insight().own(profile);
    judge(peer);
    actions.keep(peer.name(), profile);
    actions.tell(
        peer.name(),
        new FromServer.ReportTaken(
            told.id(), profile.standing(), profile.doubts(), profile.freshFor()));
  }

  /** Asks for another report where the one at hand has grown old, or the record does not answer. */
  void refresh(long now) {
    for (NativePeer peer : List.copyOf(peers.values())) {
      if (peer.insight().isOverdue(now)) {
        profileFound(peer.name(), peer.network(), Optional.empty(), List.of());
      }
      Optional<FromServer.Reason> before = peer.wanted();
      judge(peer);
      if (peer.profile().isPresent() && before.isEmpty() && peer.wanted().isPresent()) {
        tellObserved(peer, Optional.empty());
      }
    }
  }

  private void lookUp(NativePeer peer, long now) {
    peer.insight().asked(now + ANSWER_NANOS);
    judge(peer);
    actions.lookUpProfile(peer.name(), peer.network());
  }

  private void changed(NativePeer peer, long now) {
    Network before = peer.network();
    if (peer.moved()) {
      leave(before, peer);
      settle(peer);
      lookUp(peer, now);
    }
  }

  private void settle(NativePeer peer) {
    byNetwork.computeIfAbsent(peer.network(), _ -> new LinkedHashSet<>()).add(peer);
  }

  private void leave(Network network, NativePeer peer) {
    byNetwork.computeIfPresent(
        network, (_, there) -> there.remove(peer) && there.isEmpty() ? null : there);
  }

  /** A peer that is told too early that no report is there makes one that nobody needs. */
  private void tellOnceKnown(NativePeer peer, Optional<String> id) {
    if (peer.insight().isAsked()) {
      peer.insight().holdBack(id);
    } else {
      tellObserved(peer, id);
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
