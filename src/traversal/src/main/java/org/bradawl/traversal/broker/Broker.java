package org.bradawl.traversal.broker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
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

/**
 * Brings the native peers of one application together. Not thread-safe: every call is made under
 * one lock. Times are monotonic nanoseconds.
 */
public final class Broker {

  private final Roster roster;
  private final Map<String, Meeting> meetings = new LinkedHashMap<>();
  private final Set<Meeting> searching = new HashSet<>();
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
    this.roster = new Roster(keyPrefix, limits, random, clock, actions);
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
    leaveOlderSession(arrival, now);
    roster
        .find(arrival.peer())
        .ifPresent(known -> {
          known.connectedFrom(arrival.address());
          returned(known, now);
        });
  }

  private void returned(NativePeer known, long now) {
    known.heard(now);
    roster.probe(known, now);
    known
        .meetings()
        .forEach(meeting -> meeting.sideOf(known).ifPresent(side -> meeting.returned(side, now)));
  }

  private void leaveOlderSession(Arrival arrival, long now) {
    roster
        .find(arrival.peer())
        .filter(known -> !known.session().equals(arrival.session()))
        .ifPresent(known -> gone(known, now));
  }

  /** A peer's connection is lost; its session lasts until {@link #gone}. */
  public void lost(String peer, String session, long now) {
    roster
        .find(peer, session)
        .ifPresent(known -> {
          known.lost(now);
          known
              .meetings()
              .forEach(meeting -> meeting.sideOf(known).ifPresent(side -> meeting.lost(side, now)));
        });
  }

  /** A peer's session has ended. */
  public void gone(String peer, String session, long now) {
    roster.find(peer, session).ifPresent(known -> gone(known, now));
  }

  private void gone(NativePeer peer, long now) {
    for (Meeting meeting : peer.meetings()) {
      if (!meeting.isEnded()) {
        end(meeting, Ending.PEER_GONE, peer.name(), now);
      }
    }
    roster.remove(peer);
  }

  /** A frame has come. */
  public Reception received(Arrival arrival, FromPeer frame, long now) {
    if (frame instanceof FromPeer.Host host) {
      leaveOlderSession(arrival, now);
      roster.introduced(arrival, host, now);
      return Reception.TAKEN;
    }
    Optional<NativePeer> peer = roster.find(arrival.peer(), arrival.session());
    if (peer.isPresent()) {
      return received(peer.get(), frame, now);
    }
    if (frame instanceof FromPeer.Connect connect) {
      actions.tell(
          arrival.peer(),
          refusal(connect, RefusalCode.NOT_INTRODUCED, "send host first", Optional.empty()));
      return Reception.TAKEN;
    }
    return Reception.NOT_INTRODUCED;
  }

  private Reception received(NativePeer peer, FromPeer frame, long now) {
    if (peer.isAway()) {
      // The news of its return and of an older connection's end have crossed.
      returned(peer, now);
    }
    peer.heard(now);
    return switch (frame) {
      case FromPeer.Host _ -> Reception.TAKEN;
      case FromPeer.NatReport told -> {
        roster.reported(peer, told);
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

  /**
   * The answer to {@link BrokerActions#lookUpProfile}; a late one is of no effect.
   *
   * @param found the peer's own
   * @param ofNeighbours confirmed ones of other peers in that network, where it has none that is
   *     fresh
   */
  public void profileFound(
      String name, Network network, Optional<Profile> found, List<Profile> ofNeighbours) {
    roster.profileFound(name, network, found, ofNeighbours);
  }

  /** STUN has got a datagram or a connection from a peer that knows this key, and is there. */
  public void seen(String key, FiveTuple.Transport transport, TransportAddress client, long now) {
    roster.seen(key, transport, client, now);
  }

  private void connect(NativePeer peer, FromPeer.Connect connect, long now) {
    Optional<Meeting> known =
        peer.meetings().stream()
            .filter(meeting -> connect.again() && meeting.isAskedBy(peer, connect))
            .reduce((_, latest) -> latest);
    if (known.isPresent()) {
      known.get().returned(Side.INITIATOR, now);
      return;
    }
    Optional<NativePeer> wanted = roster.find(connect.peer()).filter(other -> other != peer);
    Optional<FromServer.ConnectRefused> refusal = refusal(peer, connect, wanted, now);
    if (refusal.isPresent() || wanted.isEmpty()) {
      refusal.ifPresent(frame -> actions.tell(peer.name(), frame));
      return;
    }
    NativePeer other = wanted.get();
    Participant initiator = new Participant(peer);
    initiator.label = connect.id();
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
    roster.probe(other, now);
    meeting.invite(now);
    roster.probe(peer, now);
  }

  /** A random UUID (RFC 9562 §5.4). */
  private String id() {
    return new UUID(
            (random.nextLong() & ~0xf000L) | 0x4000L,
            (random.nextLong() & ~(3L << 62)) | (1L << 63))
        .toString();
  }

  private Optional<FromServer.ConnectRefused> refusal(
      NativePeer peer, FromPeer.Connect connect, Optional<NativePeer> wanted, long now) {
    if (!peer.connects().take(now)) {
      return Optional.of(
          refusal(
              connect,
              RefusalCode.RATE_LIMITED,
              "too many connects; slow down",
              Optional.of(limits.connectInterval())));
    }
    if (wanted.isEmpty()) {
      boolean itself = connect.peer().equals(peer.name());
      return Optional.of(
          refusal(
              connect,
              RefusalCode.PEER_UNAVAILABLE,
              itself ? "that is yourself" : "no native peer of this name is connected",
              Optional.empty()));
    }
    NativePeer other = wanted.get();
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
        Arrays.stream(Side.values())
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
    if (verdict.triedInVain()) {
      Arrays.stream(Side.values())
          .map(side -> meeting.side(side).peer)
          .forEach(roster::disappointed);
    }
  }

  /** Lets time pass: call it about every second. */
  public void advance(long now) {
    for (Meeting meeting : List.copyOf(meetings.values())) {
      meeting.watch(now);
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
    roster.refresh(now);
  }

  /** Traversals under way. */
  public int running() {
    return (int) meetings.values().stream().filter(meeting -> !meeting.isEnded()).count();
  }

  /** Native peers that are here. */
  public int peers() {
    return roster.size();
  }

  /** Whether nothing is here to lose. */
  public boolean isEmpty() {
    return roster.size() == 0 && meetings.isEmpty();
  }
}
