package org.bradawl.traversal.broker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many plans for two peers have not led past the relay just before. */
final class Retries {

  /** The pairs longest without news are forgotten. */
  private static final int MOST = 10_000;

  private record Failures(int count, long lastNanos) {}

  private final Map<String, Failures> byPair = new LinkedHashMap<>();
  private final long memoryNanos;

  Retries(Duration memory) {
    this.memoryNanos = memory.toNanos();
  }

  int attempt(String a, String b, long now) {
    Failures failures = byPair.get(pair(a, b));
    return failures == null || now - failures.lastNanos() > memoryNanos ? 0 : failures.count();
  }

  void ended(String a, String b, boolean direct, long now) {
    int before = attempt(a, b, now);
    String pair = pair(a, b);
    byPair.remove(pair);
    if (!direct) {
      byPair.put(pair, new Failures(before + 1, now));
    }
    if (byPair.size() > MOST) {
      byPair.remove(byPair.keySet().iterator().next());
    }
  }

  /** A name holds no space. */
  static String pair(String a, String b) {
    return a.compareTo(b) < 0 ? a + " " + b : b + " " + a;
  }
}
