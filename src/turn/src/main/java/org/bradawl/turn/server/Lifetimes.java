package org.bradawl.turn.server;

import java.time.Duration;
import java.util.Optional;
import org.bradawl.stun.attribute.Lifetime;

/** How long an allocation is given (RFC 8656 §7.2 and §8.2). */
record Lifetimes(long defaultSeconds, long maxSeconds) {

  static Lifetimes of(TurnSettings settings) {
    return new Lifetimes(
        TurnSettings.DEFAULT_LIFETIME.toSeconds(), settings.maxLifetime().toSeconds());
  }

  /** What is asked for, between the default and the longest; the default if nothing is. */
  long seconds(Optional<Lifetime> asked) {
    return Math.clamp(
        asked.map(Lifetime::seconds).orElse(defaultSeconds), defaultSeconds, maxSeconds);
  }

  static long nanos(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
