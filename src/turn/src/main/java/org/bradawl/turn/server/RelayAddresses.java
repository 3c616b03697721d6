package org.bradawl.turn.server;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which transport addresses this server relays now, as told to clients and as bound. Two clients of
 * one server meet at such an address, whatever range it lies in; where a 1:1 NAT stands before the
 * server, they meet behind it, because few of those take a datagram back.
 *
 * <p>Safe for threads: every shard adds and removes its own and asks for all.
 */
public final class RelayAddresses {

  private final ConcurrentMap<TransportAddress, TransportAddress> boundByAdvertised =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<TransportAddress, TransportAddress> advertisedByBound =
      new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  /** Whether clients were told of {@code advertised}, and its allocation lives. */
  public boolean contains(TransportAddress advertised) {
    return boundByAdvertised.containsKey(advertised);
  }

  /** How many there are. */
  public int size() {
    return boundByAdvertised.size();
  }

  void add(TransportAddress advertised, TransportAddress bound) {
    boundByAdvertised.put(advertised, bound);
    advertisedByBound.put(bound, advertised);
    changes.incrementAndGet();
  }

  void remove(TransportAddress advertised, TransportAddress bound) {
    boundByAdvertised.remove(advertised);
    advertisedByBound.remove(bound);
    changes.incrementAndGet();
  }

  /** How often an address came or went: what was asked before still holds while this stays. */
  long changes() {
    return changes.get();
  }

  /** Where the relay socket of {@code advertised} is bound, if it is one of ours. */
  @Nullable TransportAddress bound(TransportAddress advertised) {
    return boundByAdvertised.get(advertised);
  }

  /** What clients know a datagram's source by: the advertised address if it is one of ours. */
  TransportAddress advertised(TransportAddress source) {
    TransportAddress advertised = advertisedByBound.get(source);
    return advertised == null ? source : advertised;
  }
}
