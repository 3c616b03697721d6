package org.bradawl.signaling;

/** Plain counters of one exchange, read through {@link #snapshot} under the exchange's lock. */
final class ExchangeCounters {

  long relayed;
  long delivered;
  long failed;
  long duplicates;
  long refusedFrames;
  long started;
  long resumed;
  long replaced;
  long expired;
  long dropped;

  ExchangeStatistics snapshot(int peers, int away, int rooms, long keptChars) {
    return new ExchangeStatistics(
        peers,
        away,
        rooms,
        keptChars,
        relayed,
        delivered,
        failed,
        duplicates,
        refusedFrames,
        started,
        resumed,
        replaced,
        expired,
        dropped);
  }
}
