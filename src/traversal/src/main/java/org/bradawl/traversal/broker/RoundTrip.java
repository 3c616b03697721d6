package org.bradawl.traversal.broker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The round trip to one peer. The least of the last few counts: whatever was longer had waited
 * somewhere, and not on the way.
 */
final class RoundTrip {

  private static final int REMEMBERED = 4;

  /** Probes that are never answered are forgotten. */
  private static final int UNANSWERED = 8;

  /** Nothing honest is farther; a peer that holds its echo back gains at most this much delay. */
  private static final long LONGEST_NANOS = Duration.ofSeconds(2).toNanos();

  private final Map<Long, Long> sent = new HashMap<>();
  private final ArrayDeque<Long> measured = new ArrayDeque<>();
  private long next = 1;

  /** The number of a probe that leaves now. */
  long probe(long now) {
    if (sent.size() >= UNANSWERED) {
      sent.clear();
    }
    sent.put(next, now);
    return next++;
  }

  void echoed(long probe, long now) {
    Long left = sent.remove(probe);
    if (left != null) {
      if (measured.size() == REMEMBERED) {
        measured.removeFirst();
      }
      measured.addLast(Math.min(now - left, LONGEST_NANOS));
    }
  }

  /** Half of it; nothing as long as it was not measured. */
  Duration oneWay() {
    OptionalLong least = measured.stream().mapToLong(Long::longValue).min();
    return Duration.ofNanos(least.orElse(0) / 2);
  }
}
