package org.bradawl.datapath.portable;

import java.util.EnumMap;
import java.util.Map;
import org.bradawl.datapath.DatapathStatistics.Drop;

/** What one shard counts. Plain fields of its thread; others see the copies it publishes. */
final class Counters {

  long packetsIn;
  long bytesIn;
  long packetsOut;
  long bytesOut;
  long connectionsAccepted;
  long faults;
  private final Map<Drop, Long> drops = new EnumMap<>(Drop.class);

  void received(int bytes) {
    packetsIn++;
    bytesIn += bytes;
  }

  void sent(int bytes) {
    packetsOut++;
    bytesOut += bytes;
  }

  void dropped(Drop cause) {
    drops.merge(cause, 1L, Long::sum);
  }

  Map<Drop, Long> drops() {
    Map<Drop, Long> copy = new EnumMap<>(Drop.class);
    for (Drop cause : Drop.values()) {
      copy.put(cause, drops.getOrDefault(cause, 0L));
    }
    return copy;
  }
}
