package org.bradawl.turn.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.Principal;
import org.jspecify.annotations.Nullable;

/**
 * One allocation (RFC 8656 §3.2): a client's path, a relay socket, and whom they may exchange data
 * with. Belongs to the machine that made it; its deadline is the earliest of all its times.
 */
final class Allocation extends Timed {

  /**
   * Ten ICMP errors a second tell a client all that it can act on, and a peer that answers a flood
   * by errors cannot double what the client gets.
   */
  private static final long ERROR_EVERY_NANOS = 100_000_000;

  private AllocationInfo info;
  private FiveTuple client;
  private RelayPort port;
  private RelayId relay;
  private @Nullable Leg second;
  private final Allocations owner;
  private final KeyTable<Permission> permissions;
  private final KeyTable<Channel> channelsByNumber;
  private final KeyTable<Channel> channelsByPeer;
  private final @Nullable Map<TransportAddress, PeerConnection> connections;
  private @Nullable FiveTuple next;
  private long tickets;
  private @Nullable TransactionId madeBy;
  private Reply.@Nullable Success made;
  private @Nullable Meter meter;
  private long expiresNanos;
  private boolean endsWithCredential;
  private Optional<Caller> bearer = Optional.empty();
  private @Nullable TransportAddress lastPeer;
  private @Nullable Channel lastChannel;
  private @Nullable Channel lastNumbered;
  private long errorTellableNanos;
  private boolean errorsBegun;
  private long bytesUp;
  private long packetsUp;
  private long bytesDown;
  private long packetsDown;

  Allocation(
      AllocationInfo info,
      RelayPort port,
      RelayId relay,
      boolean tcp,
      Allocations owner,
      Lifetimes.Term term,
      long seed) {
    this.info = info;
    this.client = info.client();
    this.port = port;
    this.relay = relay;
    this.connections = tcp ? new HashMap<>() : null;
    this.owner = owner;
    this.expiresNanos = info.startedNanos() + term.nanos();
    this.endsWithCredential = term.endsWithCredential();
    this.permissions = new KeyTable<>(seed);
    this.channelsByNumber = new KeyTable<>(seed);
    this.channelsByPeer = new KeyTable<>(seed);
  }

  void meter(Meter meter) {
    this.meter = meter;
  }

  /** What its data has to pass where there are rates. */
  @Nullable Meter meter() {
    return meter;
  }

  /** Whether an ICMP error may be told now; there is a bound on how many are in a time. */
  boolean mayTellError(long nowNanos) {
    if (errorsBegun && errorTellableNanos - nowNanos > 0) {
      return false;
    }
    errorsBegun = true;
    errorTellableNanos = nowNanos + ERROR_EVERY_NANOS;
    return true;
  }

  /** Remembers which request made it, and how that was answered. */
  void madeBy(TransactionId request, Reply.Success answer) {
    madeBy = request;
    made = answer;
  }

  /** The answer to the request that made it, if {@code request} is that one again. */
  Optional<Reply> repeat(TransactionId request) {
    return request.equals(madeBy) ? Optional.ofNullable(made) : Optional.empty();
  }

  /** Remembers whose token it goes on under; a caller without one changes nothing. */
  void vouchedFor(Caller caller) {
    if (caller.tokenKeyId().isPresent()) {
      bearer = Optional.of(caller);
    }
  }

  Optional<Caller> bearer() {
    return bearer;
  }

  AllocationInfo info() {
    return info;
  }

  FiveTuple client() {
    return client;
  }

  /** Where the client will be served once it has sent data from there. */
  @Nullable FiveTuple next() {
    return next;
  }

  void next(@Nullable FiveTuple path) {
    next = path;
  }

  /** The client is served where {@link #next} says, and nowhere else. */
  void arrive(FiveTuple path) {
    info = info.movedTo(path);
    client = path;
    next = null;
  }

  /** The number of one more ticket, which is the only good one from now on. */
  long nextTicket() {
    return ++tickets;
  }

  /**
   * Whether this ticket may move it: the last one; or, for a client that got no answer and asks
   * again from the same place, the one before (RFC 8016 §3.2.2).
   */
  boolean admits(long ticket, FiveTuple path) {
    return ticket == tickets || (ticket == tickets - 1 && path.equals(next));
  }

  RelayId relay() {
    return relay;
  }

  RelayPort port() {
    return port;
  }

  /** Whether it relays TCP (RFC 6062) instead of UDP. */
  boolean relaysTcp() {
    return connections != null;
  }

  /** By peer, as the client knows it; only of an allocation that relays TCP. */
  Map<TransportAddress, PeerConnection> connections() {
    if (connections == null) {
      throw new IllegalStateException("an allocation for UDP has no connections");
    }
    return connections;
  }

  Family family() {
    return port.relayAddress().local().family();
  }

  /** Gives it a second relayed address, of the other family. */
  void second(RelayPort secondPort, RelayId secondRelay) {
    second = new Leg(secondPort, secondRelay, expiresNanos);
  }

  boolean isDual() {
    return second != null;
  }

  /** Its relayed addresses: one or two. */
  List<Leg> legs() {
    Leg first = new Leg(port, relay, expiresNanos);
    return second == null ? List.of(first) : List.of(first, second);
  }

  boolean relays(Family family) {
    return family == family() || (second != null && second.family() == family);
  }

  /** The family with this number, if it relays that; otherwise its first one. */
  Family familyOf(int code) {
    return second != null && second.family().code() == code ? second.family() : family();
  }

  /** The relay for this family; null if that one is over. */
  @Nullable RelayId relay(Family family, long nowNanos) {
    Leg other = second;
    if (other == null) {
      return relay;
    }
    if (other.family() == family) {
      return other.isLive(nowNanos) ? other.relay() : null;
    }
    return expiresNanos - nowNanos > 0 ? relay : null;
  }

  /** Takes one family away, with the permissions and channels for it; the other one stays. */
  Leg drop(Family family) {
    Leg other = second;
    if (other == null) {
      throw new IllegalStateException("the only relayed address goes with its allocation");
    }
    Leg dropped = other;
    if (other.family() != family) {
      dropped = new Leg(port, relay, expiresNanos);
      port = other.port();
      relay = other.relay();
      expiresNanos = other.expiresNanos();
    }
    second = null;
    channelsByNumber.removeIf(
        channel -> channel.peer().address().family() == family && forget(channel));
    permissions.removeIf(permission -> permission.address().family() == family);
    return dropped;
  }

  /** Whether it is {@code principal}'s; a renewed credential of the same user counts. */
  boolean isOwnedBy(Principal principal) {
    return info.principal().user().equals(principal.user());
  }

  boolean isLive(long nowNanos) {
    return expiresNanos - nowNanos > 0 || (second != null && second.isLive(nowNanos));
  }

  /** Sets the time anew, of both families or of the one asked for. */
  void refresh(Optional<Family> only, Lifetimes.Term term, long nowNanos) {
    long until = nowNanos + term.nanos();
    Leg other = second;
    if (other != null && only.orElse(other.family()) == other.family()) {
      second = new Leg(other.port(), other.relay(), until);
    }
    if (other == null || only.orElse(family()) == family()) {
      expiresNanos = until;
    }
    endsWithCredential = term.endsWithCredential();
  }

  long expiresNanos() {
    return expiresNanos;
  }

  /** Why it ends if nobody refreshes it. */
  EndReason expiry() {
    return endsWithCredential ? EndReason.CREDENTIAL_EXPIRED : EndReason.EXPIRED;
  }

  /** The permission for this address, alive or kept for a channel. */
  @Nullable Permission permission(long high, long low) {
    return permissions.get(high, low, 0);
  }

  @Nullable Permission permission(IpAddress address) {
    return permission(address.high(), address.low());
  }

  int permissions() {
    return permissions.size();
  }

  /** Installs a permission or gives it a new time (RFC 8656 §9). */
  Permission permit(TransportAddress peer, boolean guarded, long untilNanos) {
    Permission permission = permission(peer.address());
    if (permission == null) {
      permission = new Permission(peer, guarded, untilNanos);
      permissions.put(peer.address().high(), peer.address().low(), 0, permission);
    }
    permission.refresh(untilNanos);
    return permission;
  }

  /** Looks again whether permissions need guarding, after rules have changed. */
  void guard(PeerGate gate) {
    permissions.forEach(permission -> permission.guarded(gate.isGuarded(permission.address())));
  }

  /**
   * The channel of this number; most allocations have one, and the last one found is remembered.
   */
  @Nullable Channel channel(int number) {
    Channel last = lastNumbered;
    if (last != null && last.number() == number) {
      return last;
    }
    Channel channel = channelsByNumber.get(number, 0, 0);
    if (channel != null) {
      lastNumbered = channel;
    }
    return channel;
  }

  /**
   * The channel of this peer. The last one found is remembered: a flow's datagrams come with the
   * same address object, so that most lookups are one comparison.
   */
  @SuppressWarnings("ReferenceEquality") // another object of equal value is looked up
  @Nullable Channel channel(TransportAddress peer) {
    if (peer == lastPeer) {
      return lastChannel;
    }
    Channel channel = channelsByPeer.get(peer.address().high(), peer.address().low(), peer.port());
    if (channel != null) {
      lastPeer = peer;
      lastChannel = channel;
    }
    return channel;
  }

  int channels() {
    return channelsByNumber.size();
  }

  /** Binds a channel that is free to a peer that has none. */
  void bind(int number, TransportAddress peer, Permission permission, long untilNanos) {
    Channel channel = new Channel(number, peer, permission, untilNanos);
    channelsByNumber.put(number, 0, 0, channel);
    channelsByPeer.put(peer.address().high(), peer.address().low(), peer.port(), channel);
    permission.channelBound();
  }

  void up(int bytes) {
    bytesUp += bytes;
    packetsUp++;
  }

  void down(int bytes) {
    bytesDown += bytes;
    packetsDown++;
  }

  Traffic traffic() {
    return new Traffic(bytesUp, packetsUp, bytesDown, packetsDown);
  }

  AllocationView view() {
    long expires =
        second == null || expiresNanos - second.expiresNanos() > 0
            ? expiresNanos
            : second.expiresNanos();
    return new AllocationView(
        info,
        legs().stream().map(leg -> leg.port().advertised()).toList(),
        expires,
        permissions.size(),
        channelsByNumber.size(),
        relaysTcp(),
        connections == null
            ? List.of()
            : connections.values().stream().map(PeerConnection::view).toList(),
        traffic());
  }

  @Override
  void due(long nowNanos) {
    owner.due(this, nowNanos);
  }

  /** Forgets channels and permissions whose time is over. */
  void sweep(long nowNanos) {
    channelsByNumber.removeIf(channel -> isGone(channel, nowNanos));
    permissions.removeIf(permission -> permission.isOver(nowNanos));
  }

  private boolean isGone(Channel channel, long nowNanos) {
    if (channel.isLive(nowNanos)) {
      return false;
    }
    return forget(channel);
  }

  private boolean forget(Channel channel) {
    TransportAddress peer = channel.peer();
    channelsByPeer.remove(peer.address().high(), peer.address().low(), peer.port());
    lastPeer = null;
    lastChannel = null;
    lastNumbered = null;
    channel.permission().channelGone();
    return true;
  }

  /** The earliest time at which something of this allocation ends, after {@code nowNanos}. */
  long earliestEndNanos(long nowNanos) {
    Earliest earliest = new Earliest(nowNanos, expiresNanos);
    if (second != null) {
      earliest.consider(second.expiresNanos());
    }
    channelsByNumber.forEach(channel -> earliest.consider(channel.expiresNanos()));
    permissions.forEach(permission -> earliest.consider(permission.expiresNanos()));
    return earliest.nanos;
  }

  /**
   * A minimum of times that lie ahead; what is over already (kept for a channel) does not count.
   */
  private static final class Earliest {

    private final long nowNanos;
    private long nanos;

    Earliest(long nowNanos, long nanos) {
      this.nowNanos = nowNanos;
      this.nanos = nanos;
    }

    void consider(long candidate) {
      if (candidate - nowNanos > 0 && candidate - nanos < 0) {
        nanos = candidate;
      }
    }
  }
}
