package org.bradawl.turn.server;

import java.util.HashMap;
import java.util.Map;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.MobilityTicket;
import org.jspecify.annotations.Nullable;

/** What the oracle knows of one allocation, from requests and answers alone. */
final class Book {

  private static final long PERMISSION = 300 * Bench.SECOND;
  private static final long CHANNEL = 600 * Bench.SECOND;

  /** A relayed address, and until when it is. */
  record Leg(TransportAddress address, long until) {}

  /** A channel's peer, and until when it is. */
  record Bound(TransportAddress peer, long until) {}

  final AllocationId id;
  final String user;
  final SimulatedShard shard;
  final Map<Family, Leg> legs = new HashMap<>();
  final Map<Integer, Bound> channels = new HashMap<>();
  private final Map<IpAddress, Long> permissions = new HashMap<>();

  /** Where the client is, and where it said it would be (RFC 8016). */
  FiveTuple path;

  @Nullable FiveTuple next;

  /** The last ticket given out, and the one before. */
  @Nullable MobilityTicket ticket;

  @Nullable MobilityTicket before;

  /** Whether data came from there, or the old connection went. */
  boolean mayMove;

  Book(SimulatedShard shard, AllocationView view) {
    this.id = view.info().id();
    this.user = view.info().principal().user();
    this.shard = shard;
    this.path = view.info().client();
    TransportAddress relayed = view.info().relayed();
    legs.put(relayed.address().family(), new Leg(relayed, view.expiresNanos()));
  }

  void ticket(MobilityTicket fresh) {
    before = ticket;
    ticket = fresh;
  }

  void refresh(Family family, long until, long now) {
    legs.computeIfPresent(family, (f, leg) -> refreshed(leg, until, now));
  }

  void refresh(long until, long now) {
    legs.replaceAll((family, leg) -> refreshed(leg, until, now));
  }

  /** What is over comes back no more. */
  private static Leg refreshed(Leg leg, long until, long now) {
    return leg.until - now > 0 ? new Leg(leg.address, until) : leg;
  }

  void permit(TransportAddress peer, long now) {
    permissions.put(peer.address(), now + PERMISSION);
  }

  void bind(int number, TransportAddress peer, long now) {
    channels.put(number, new Bound(peer, now + CHANNEL));
  }

  boolean permits(TransportAddress peer, long now) {
    Long until = permissions.get(peer.address());
    return until != null && until - now > 0;
  }

  boolean isLive(Family family, long now) {
    Leg leg = legs.get(family);
    return leg != null && leg.until - now > 0;
  }
}
