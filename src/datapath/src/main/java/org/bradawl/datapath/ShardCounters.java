package org.bradawl.datapath;

import java.util.EnumMap;
import java.util.Map;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.turn.server.TurnCounters;

/** What one shard counts. Plain fields of its thread; others see the copies it publishes. */
public final class ShardCounters {

  private long packetsIn;
  private long bytesIn;
  private long packetsOut;
  private long bytesOut;
  private long connectionsAccepted;
  private long faults;
  private final SecureCounters secured = new SecureCounters();
  private final Map<Drop, long[]> drops = new EnumMap<>(Drop.class);

  /** Counters at zero. */
  public ShardCounters() {
    for (Drop cause : Drop.values()) {
      drops.put(cause, new long[1]);
    }
  }

  /** A datagram, or a message of a stream, came in. */
  public void received(int bytes) {
    packetsIn++;
    bytesIn += bytes;
  }

  /** How many datagrams and messages came in; for the shard's own thread. */
  public long packetsIn() {
    return packetsIn;
  }

  /** A datagram was handed to the kernel, or a message queued on a stream. */
  public void sent(int bytes) {
    packetsOut++;
    bytesOut += bytes;
  }

  /** Several datagrams were handed to the kernel. */
  public void sent(int packets, int bytes) {
    packetsOut += packets;
    bytesOut += bytes;
  }

  /** Something was not sent or not accepted. */
  public void dropped(Drop cause) {
    dropped(cause, 1);
  }

  /** Several things were not sent, for the same cause. */
  public void dropped(Drop cause, long count) {
    drops.computeIfAbsent(cause, unseen -> new long[1])[0] += count;
  }

  /** How often something was dropped for this cause; for the shard's own thread. */
  public long count(Drop cause) {
    return drops.getOrDefault(cause, new long[1])[0];
  }

  /** What became of TLS and DTLS. */
  public SecureCounters secured() {
    return secured;
  }

  /** A stream client connected. */
  public void connectionAccepted() {
    connectionsAccepted++;
  }

  /** An input broke an invariant; returns how many did so far. */
  public long fault() {
    return ++faults;
  }

  /** A copy for others, with what only the shard knows beside it. */
  public DatapathStatistics statistics(TurnCounters.Snapshot turn, int connections, int shards) {
    Map<Drop, Long> copy = new EnumMap<>(Drop.class);
    drops.forEach((cause, count) -> copy.put(cause, count[0]));
    return new DatapathStatistics(
        turn,
        packetsIn,
        bytesIn,
        packetsOut,
        bytesOut,
        connections,
        connectionsAccepted,
        Map.copyOf(copy),
        secured.snapshot(),
        faults,
        shards);
  }
}
