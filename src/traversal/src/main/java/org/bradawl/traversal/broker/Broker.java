package org.bradawl.traversal.broker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.frame.Ending;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.FromServer.RefusalCode;
import org.bradawl.traversal.frame.Standing;

/**
 * Brings the native peers of one application together. Not thread-safe: every call is made under
 * one lock. Times are monotonic nanoseconds.
 */
public final class Broker {

  /** As many bits as a secret needs when guessing it takes a datagram per try. */
  private static final int KEY_BYTES = 16;

  private final Map<String, NativePeer> peers = new HashMap<>();
  private final Map<String, NativePeer> byKey = new HashMap<>();
  private final Map<String, Meeting> meetings = new LinkedHashMap<>();
  private final Set<Meeting> searching = new HashSet<>();
  private final String keyPrefix;
  private final BrokerLimits limits;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Supplier<History> history;
  private final BrokerActions actions;
  private final Retries retries;

  /**
   * A broker without peers.
   *
   * @param keyPrefix what the keys of this broker's peers begin with, so that the shell finds the
   *     broker by the key
   * @param random must be cryptographically strong but in tests: keys come from it
   * @param history what earlier traversals have taught, as of now
   */
  public Broker(
      String keyPrefix,
      BrokerLimits limits,
      RandomGenerator random,
      InstantSource clock,
      Supplier<History> history,
      BrokerActions actions) {
    this.keyPrefix = keyPrefix;
    this.limits = limits;
    this.random = random;
    this.clock = clock;
    this.history = history;
    this.actions = actions;
    this.retries = new Retries(limits.retries());
  }

  /** What a frame came to. */
  public enum Reception {
    TAKEN,
    /** It is about a traversal that this peer has no part in, or that is long over. */
    UNKNOWN_TRAVERSAL,
    /** The peer has not said what it is. */
    NOT_INTRODUCED
  }

  /** A peer's connection is up, for the first time in its session or again. */
  public void connected(Arrival arrival, long now) {
    NativePeer known = peers.get(arrival.peer());
    if (known == null) {
      return;
    }
    if (!known.session().equals(arrival.session())) {
      gone(arrival.peer(), known.session(), now);
      return;
    }
    known.connectedFrom(arrival.address());
    probe(known, now);
    known
        .meetings()
        .forEach(meeting -> meeting.sideOf(known).ifPresent(side -> meeting.returned(side, now)));
  }

  /** A peer's session has ended. */
  public void gone(String peer, String session, long now) {
    NativePeer known = peers.get(peer);
    if (known == null || !known.session().equals(session)) {
      return;
    }
    for (Meeting meeting : known.meetings()) {
      if (!meeting.isEnded()) {
        end(meeting, Ending.PEER_GONE, peer, now);
      }
    }
    peers.remove(peer);
    byKey.remove(known.key());
  }

  /** A frame has come. */
  public Reception received(Arrival arrival, FromPeer frame, long now) {
    if (frame instanceof FromPeer.Host host) {
      introduced(arrival, host, now);
      return Reception.TAKEN;
    }
    NativePeer peer = peers.get(arrival.peer());
    if (peer == null || !peer.session().equals(arrival.session())) {
      if (frame instanceof FromPeer.Connect connect) {
        actions.tell(
            arrival.peer(),
            refusal(connect, RefusalCode.NOT_INTRODUCED, "send host first", Optional.empty()));
        return Reception.TAKEN;
      }
      return Reception.NOT_INTRODUCED;
    }
    return switch (frame) {
      case FromPeer.Host _ -> Reception.TAKEN;
      case FromPeer.NatReport told -> {
        reported(peer, told);
        yield Reception.TAKEN;
      }
      case FromPeer.Echo echo -> {
        peer.roundTrip().echoed(echo.probe(), now);
        yield Reception.TAKEN;
      }
      case FromPeer.Connect connect -> {
        connect(peer, connect, now);
        yield Reception.TAKEN;
      }
      case FromPeer.About about -> about(peer, about, now);
    };
  }

  private void introduced(Arrival arrival, FromPeer.Host host, long now) {
    NativePeer known = peers.get(arrival.peer());
    if (known != null && !known.session().equals(arrival.session())) {
      gone(arrival.peer(), known.session(), now);
      known = null;
    }
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

  private String key() {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return keyPrefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
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

  private void probe(NativePeer peer, long now) {
    actions.tell(peer.name(), new FromServer.Probe(peer.roundTrip().probe(now)));
  }

  /** The answer to {@link BrokerActions#lookUpProfile}; a late one is of no effect. */
  public void profileFound(String name, Network network, Optional<Profile> found) {
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
  public void seen(String key, FiveTuple.Transport transport, TransportAddress client) {
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

  private void reported(NativePeer peer, FromPeer.NatReport told) {
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

  private void connect(NativePeer peer, FromPeer.Connect connect, long now) {
    Optional<FromServer.ConnectRefused> refusal = refusal(peer, connect, now);
    if (refusal.isPresent()) {
      actions.tell(peer.name(), refusal.get());
      return;
    }
    NativePeer other = peers.get(connect.peer());
    if (other == null) {
      return;
    }
    Participant initiator = new Participant(peer);
    initiator.terms =
        Optional.of(new Participant.Terms(connect.wishes(), connect.ice(), connect.data()));
    Meeting meeting =
        new Meeting(
            id(),
            initiator,
            new Participant(other),
            retries.attempt(peer.name(), other.name(), now),
            clock.instant(),
            limits,
            actions,
            now);
    meetings.put(meeting.id(), meeting);
    peer.joins(meeting);
    other.joins(meeting);
    probe(other, now);
    meeting.invite();
    actions.tell(peer.name(), new FromServer.Connecting(connect.id(), meeting.id(), other.name()));
    probe(peer, now);
  }

  /** A random UUID (RFC 9562 §5.4). */
  private String id() {
    return new UUID(
            (random.nextLong() & ~0xf000L) | 0x4000L,
            (random.nextLong() & ~(3L << 62)) | (1L << 63))
        .toString();
  }

  private Optional<FromServer.ConnectRefused> refusal(
      NativePeer peer, FromPeer.Connect connect, long now) {
    if (!peer.connects().take(now)) {
      return Optional.of(
          refusal(
              connect,
              RefusalCode.RATE_LIMITED,
              "too many connects; slow down",
              Optional.of(limits.connectInterval())));
    }
    NativePeer other = peers.get(connect.peer());
    if (other == null || other == peer) {
      return Optional.of(
          refusal(
              connect,
              RefusalCode.PEER_UNAVAILABLE,
              other == peer ? "that is yourself" : "no native peer of this name is connected",
              Optional.empty()));
    }
    boolean crowded =
        peer.running() >= limits.meetings()
            || other.running() >= limits.meetings()
            || asked(peer) >= limits.asked();
    boolean already =
        peer.meetings().stream()
            .anyMatch(meeting -> !meeting.isEnded() && meeting.sideOf(other).isPresent());
    return already || crowded
        ? Optional.of(
            refusal(
                connect,
                RefusalCode.TOO_MANY_TRAVERSALS,
                already
                    ? "a traversal between you two is under way"
                    : "too many traversals are under way at one of you",
                Optional.of(limits.connectInterval())))
        : Optional.empty();
  }

  private static FromServer.ConnectRefused refusal(
      FromPeer.Connect connect, RefusalCode code, String message, Optional<Duration> retryAfter) {
    return new FromServer.ConnectRefused(connect.id(), connect.peer(), code, message, retryAfter);
  }

  private long asked(NativePeer peer) {
    return peer.meetings().stream()
        .filter(meeting -> !meeting.isEnded() && meeting.side(Side.INITIATOR).peer == peer)
        .count();
  }

  private Reception about(NativePeer peer, FromPeer.About frame, long now) {
    Meeting meeting = meetings.get(frame.traversal());
    Optional<Side> side = meeting == null ? Optional.empty() : meeting.sideOf(peer);
    if (meeting == null || side.isEmpty()) {
      return Reception.UNKNOWN_TRAVERSAL;
    }
    if (!meeting.isEnded()) {
      about(meeting, side.get(), frame, now);
    }
    return Reception.TAKEN;
  }

  private void about(Meeting meeting, Side side, FromPeer.About frame, long now) {
    boolean invited = side == Side.RESPONDER && meeting.planned().isEmpty();
    switch (frame) {
      case FromPeer.Accept accept -> {
        if (invited) {
          meeting.side(side).terms =
              Optional.of(new Participant.Terms(accept.wishes(), accept.ice(), accept.data()));
          meeting.plan(history.get(), withheld(meeting), clock.instant(), now);
          if (meeting.searches()) {
            searching.add(meeting);
          }
        }
      }
      case FromPeer.Refuse refuse -> {
        if (invited) {
          end(meeting, Ending.REFUSED, refuse.why(), now);
        }
      }
      case FromPeer.Ready ready -> meeting.ready(side, ready.preparation());
      case FromPeer.StepResult result -> meeting.stepEnded(side, result);
      case FromPeer.Done done -> {
        if (meeting.done(side, done, now)) {
          end(meeting, Verdict.of(meeting), "", now);
        }
      }
      case FromPeer.Cancel cancel -> end(meeting, Ending.CANCELLED, cancel.why(), now);
    }
  }

  /** One search at a time behind one address: home routers hold a few thousand mappings. */
  private Set<Method> withheld(Meeting asked) {
    List<IpAddress> addresses =
        java.util.Arrays.stream(Side.values())
            .flatMap(side -> asked.side(side).peer.observed().stream())
            .toList();
    boolean taken =
        searching.stream()
            .flatMap(meeting -> meeting.planned().stream())
            .anyMatch(made ->
                addresses.stream()
                    .anyMatch(address ->
                        made.initiator().observed().contains(address)
                            || made.responder().observed().contains(address)));
    return taken ? Set.of(Method.SEARCH) : Set.of();
  }

  private void end(Meeting meeting, Ending ending, String why, long now) {
    searching.remove(meeting);
    Verdict verdict = new Verdict(meeting, ending, why, now);
    MeetingRecord record = verdict.record(clock.instant());
    if (meeting.planned().isPresent()) {
      retries.ended(record.initiator(), record.responder(), verdict.isDirect(), now);
    }
    meeting.end(
        new FromServer.Ended(
            meeting.id(),
            ending,
            record.path(),
            record.transport(),
            record.took(),
            record.explanation()),
        now);
    actions.keep(record);
  }

  /** Lets time pass: call it about every second. */
  public void advance(long now) {
    for (Meeting meeting : List.copyOf(meetings.values())) {
      if (now - meeting.deadlineNanos() < 0) {
        continue;
      }
      if (meeting.isEnded()) {
        meetings.remove(meeting.id());
        for (Side side : Side.values()) {
          meeting.side(side).peer.forgets(meeting);
        }
      } else {
        end(meeting, meeting.overdue(), "", now);
      }
    }
    for (NativePeer peer : List.copyOf(peers.values())) {
      Optional<FromServer.Reason> before = peer.wanted();
      judge(peer);
      if (peer.profile().isPresent() && before.isEmpty() && peer.wanted().isPresent()) {
        tellObserved(peer, Optional.empty());
      }
    }
  }

  /** Traversals under way. */
  public int running() {
    return (int) meetings.values().stream().filter(meeting -> !meeting.isEnded()).count();
  }

  /** Native peers that are here. */
  public int peers() {
    return peers.size();
  }

  /** Whether nothing is here to lose. */
  public boolean isEmpty() {
    return peers.isEmpty() && meetings.isEmpty();
  }
}
