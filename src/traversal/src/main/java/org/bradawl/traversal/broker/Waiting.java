package org.bradawl.traversal.broker;

import java.time.Duration;
import java.util.Optional;

/**
 * The wait for an invited peer's answer: long for one that is there, short for one whose connection
 * is lost, long again once that is back.
 */
final class Waiting {

  private final NativePeer peer;
  private final BrokerLimits limits;
  private final long sinceNanos;
  private long deadlineNanos;
  private boolean extended;
  private boolean silent;

  Waiting(NativePeer peer, BrokerLimits limits, long now) {
    this.peer = peer;
    this.limits = limits;
    this.sinceNanos = now;
    this.deadlineNanos =
        now + (peer.awayFor(now).isEmpty() ? limits.invitation() : limits.away()).toNanos();
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  /** Whether there is a connection to ask it over. */
  boolean isReachable() {
    return !peer.isAway();
  }

  void lost(long now) {
    deadlineNanos = earlier(deadlineNanos, now + limits.away().toNanos());
  }

  /** It has all its time again, once: a connection that comes and goes is no answer. */
  void returned(long now) {
    if (!extended) {
      extended = true;
      deadlineNanos = now + limits.invitation().toNanos();
    }
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }

  /** Whether it has just become long enough that not even an echo came. */
  boolean isNewlySilent(long now) {
    boolean before = silent;
    silent =
        !peer.isAway()
            && now - sinceNanos >= limits.silence().toNanos()
            && peer.heardNanos() - sinceNanos < 0;
    return silent && !before;
  }

  /** For how long it is away or silent; empty if it is neither. */
  Optional<Duration> unheardFor(long now) {
    return peer.awayFor(now)
        .or(() ->
            silent ? Optional.of(Duration.ofNanos(now - peer.heardNanos())) : Optional.empty());
  }
}
