package org.bradawl.datapath;

import java.util.EnumMap;
import java.util.Map;
import org.bradawl.turn.server.TurnCounters;

/**
 * What a relay has done since it started: the sums over its shards.
 *
 * @param turn what the machines counted, with relayed traffic and living allocations
 * @param packetsIn datagrams received and messages taken from streams, from clients and peers
 * @param bytesIn their bytes, without UDP and IP headers
 * @param packetsOut datagrams handed to the kernel and messages queued on streams
 * @param bytesOut their bytes
 * @param connections TCP connections open now
 * @param connectionsAccepted TCP connections ever accepted
 * @param drops what was not sent or not accepted, by cause; every cause has a count
 * @param secured what became of TLS and DTLS
 * @param faults inputs that broke an invariant: bugs, each costing one session
 * @param shards how many shards run
 */
public record DatapathStatistics(
    TurnCounters.Snapshot turn,
    long packetsIn,
    long bytesIn,
    long packetsOut,
    long bytesOut,
    int connections,
    long connectionsAccepted,
    Map<Drop, Long> drops,
    SecureStatistics secured,
    long faults,
    int shards) {

  /** Why something was dropped. */
  public enum Drop {
    /** The kernel's send buffer of a UDP socket was full. */
    SEND_BUFFER_FULL,
    /** The queue of a network interface was full (ENOBUFS). */
    INTERFACE_QUEUE_FULL,
    /** Clients sent faster than a shard read; the kernel dropped it before we saw it. */
    LISTENER_BUFFER_FULL,
    /** Peers sent faster than a shard read; the kernel dropped it before we saw it. */
    RELAY_BUFFER_FULL,
    /** The kernel refused a datagram: no route, a filter, or too large. */
    SEND_REFUSED,
    /** A stream client does not read what is sent to it. */
    SLOW_READER,
    /** Its client's connection was gone already. */
    CONNECTION_GONE,
    /** No listener has the address that it had to leave from. */
    NO_SUCH_LISTENER,
    /** Every connection allowed was in use by an allocation. */
    TOO_MANY_CONNECTIONS,
    /** A connection that had no allocation made room for another one. */
    CONNECTION_EVICTED,
    /** A connection that sent nothing complete for too long, or nothing it may go on with. */
    CONNECTION_IDLE,
    /** A stated proxy did not begin with a PROXY header, or with a wrong one. */
    PROXY_HEADER,
    /** A connection on which something else than STUN and TURN was spoken. */
    NOT_STUN
  }

  /** Nothing done, no shard. */
  public static final DatapathStatistics NONE =
      new DatapathStatistics(
          TurnCounters.Snapshot.EMPTY, 0, 0, 0, 0, 0, 0, Map.of(), SecureStatistics.NONE, 0, 0);

  /** Both together. */
  public DatapathStatistics plus(DatapathStatistics other) {
    return new DatapathStatistics(
        turn.plus(other.turn),
        packetsIn + other.packetsIn,
        bytesIn + other.bytesIn,
        packetsOut + other.packetsOut,
        bytesOut + other.bytesOut,
        connections + other.connections,
        connectionsAccepted + other.connectionsAccepted,
        sum(drops, other.drops),
        secured.plus(other.secured),
        faults + other.faults,
        shards + other.shards);
  }

  /** How often something was dropped for this cause. */
  public long dropped(Drop cause) {
    return drops.getOrDefault(cause, 0L);
  }

  private static Map<Drop, Long> sum(Map<Drop, Long> one, Map<Drop, Long> other) {
    Map<Drop, Long> sum = new EnumMap<>(Drop.class);
    for (Drop cause : Drop.values()) {
      sum.put(cause, one.getOrDefault(cause, 0L) + other.getOrDefault(cause, 0L));
    }
    return Map.copyOf(sum);
  }
}
