package org.bradawl.turn.server;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What happened in one shard, by cause. Plain numbers owned by the shard's thread; others read a
 * {@link Snapshot} as the shard published it.
 */
public final class TurnCounters {

  /** Something worth counting. */
  public enum Event {
    /** Bytes that are neither STUN nor ChannelData; dropped. */
    MALFORMED,
    /** A response, or an indication the server has no use for; dropped. */
    UNEXPECTED,
    /** A request whose method the server does not support; dropped. */
    UNKNOWN_METHOD,
    /** A Binding request was answered. */
    BINDING,
    /** A Binding request was answered from, or to, another address than it used (RFC 5780). */
    BINDING_REDIRECTED,
    /** A valid user's Allocate request was sent to another server; 300. */
    REDIRECTED,
    /** A request without credentials; 401 with a challenge, the normal beginning. */
    CHALLENGED,
    /** A request with an unknown name, a wrong password or an expired credential; 401. */
    UNAUTHORIZED,
    /** A nonce too old, or not made for this client; 438. */
    STALE_NONCE,
    /** Another user than the allocation's owner; 441. */
    WRONG_CREDENTIALS,
    /** A request that contradicts itself; 400. */
    BAD_REQUEST,
    /** A comprehension-required attribute that the server does not know; 420. */
    UNKNOWN_ATTRIBUTE,
    /** No allocation where one is needed, or one where none may be; 437. */
    ALLOCATION_MISMATCH,
    /** An address family the server or the allocation does not have; 440 and 443. */
    WRONG_FAMILY,
    /** A transport that is not relayed; 442. */
    UNSUPPORTED_TRANSPORT,
    /** A user's or an application's quota is used up; 486. */
    QUOTA,
    /** No port, no place, no such reservation; 508. */
    NO_CAPACITY,
    /** A peer that the rules refuse; 403 for a request, silence for data. */
    FORBIDDEN_PEER,
    /** A retransmitted request that was answered from memory. */
    RETRANSMISSION,
    /** Data from a client, or from a peer, that no permission covers; dropped. */
    NO_PERMISSION,
    /** ChannelData on a channel that is not bound; dropped. */
    UNKNOWN_CHANNEL,
    /** Data from a client without an allocation; dropped. */
    NO_ALLOCATION,
    /** A datagram from a peer too long for a Data indication; dropped. */
    TOO_LONG,
    /** A Send indication that lacks an attribute, or has one not understood; dropped. */
    BAD_INDICATION,
    /** Data beyond what one allocation may relay; dropped. */
    OVER_ALLOCATION_RATE,
    /** Data beyond what one user's allocations may relay; dropped. */
    OVER_USER_RATE,
    /** Data beyond what one application's allocations may relay; dropped. */
    OVER_APPLICATION_RATE,
    /** Data beyond what the server may relay; dropped. */
    OVER_TOTAL_RATE,
    /** An answer to an unproven source whose prefix had too many already; not sent. */
    REPLY_LIMITED,
    /** An answer to an unproven source that is too much longer than its request; not sent. */
    REPLY_TOO_LONG,
    /** A datagram from a relay socket that is closed, or a late answer; dropped. */
    LATE,
    /** An ICMP error from a peer was told to the client. */
    PEER_ERROR,
    /** An ICMP error from a peer that was not told: one too many, or not of a kind to be told. */
    PEER_ERROR_UNTOLD,
    /** A Connect request for a peer that the allocation is connected with; 446. */
    CONNECTION_EXISTS,
    /** A peer that a client wanted to be connected with was not reached; 447. */
    CONNECTION_FAILED,
    /** A TCP connection with a peer was made, from either side. */
    PEER_CONNECTED,
    /** A client's data connection was bound to a peer's. */
    CONNECTION_BOUND,
    /** A relayed TCP connection was not read for a while, because a rate was reached. */
    STREAM_HELD_BACK,
    /** A connection with a peer that no client wanted to be bound to in time; closed. */
    CONNECTION_UNBOUND,
    /** A client went on with its allocation from another address. */
    MOVED,
    /** An allocation was made. */
    ALLOCATED,
    /** An allocation ended. */
    ENDED
  }

  private final EnumMap<Event, long[]> counts = new EnumMap<>(Event.class);
  private long bytesUp;
  private long packetsUp;
  private long bytesDown;
  private long packetsDown;

  /**
   * The counts at one moment.
   *
   * @param traffic what was relayed by allocations living and dead
   * @param allocations how many allocations live
   */
  public record Snapshot(Map<Event, Long> events, Traffic traffic, int allocations) {

    /** Nothing happened yet. */
    public static final Snapshot EMPTY = new Snapshot(Map.of(), new Traffic(0, 0, 0, 0), 0);

    /** How often {@code event} happened. */
    public long count(Event event) {
      return events.getOrDefault(event, 0L);
    }

    /** Both together, for a sum over shards. */
    public Snapshot plus(Snapshot other) {
      EnumMap<Event, Long> sum = new EnumMap<>(Event.class);
      for (Event event : Event.values()) {
        sum.put(event, count(event) + other.count(event));
      }
      return new Snapshot(
          Collections.unmodifiableMap(sum),
          traffic.plus(other.traffic),
          allocations + other.allocations);
    }
  }

  TurnCounters() {
    for (Event event : Event.values()) {
      counts.put(event, new long[1]);
    }
  }

  /** How often {@code event} happened; for the shard's own thread. */
  public long count(Event event) {
    return cell(event)[0];
  }

  void tally(Event event) {
    cell(event)[0]++;
  }

  void up(int bytes) {
    bytesUp += bytes;
    packetsUp++;
  }

  void down(int bytes) {
    bytesDown += bytes;
    packetsDown++;
  }

  Snapshot snapshot(int allocations) {
    EnumMap<Event, Long> events = new EnumMap<>(Event.class);
    counts.forEach((event, count) -> events.put(event, count[0]));
    return new Snapshot(
        Collections.unmodifiableMap(events),
        new Traffic(bytesUp, packetsUp, bytesDown, packetsDown),
        allocations);
  }

  private long[] cell(Event event) {
    long[] cell = counts.get(event);
    if (cell == null) {
      throw new IllegalStateException("every event has a cell");
    }
    return cell;
  }
}
