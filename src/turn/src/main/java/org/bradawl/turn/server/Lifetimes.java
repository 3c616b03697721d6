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

  /**
   * What an allocation is given now: as asked, but no longer than its owner's credential.
   *
   * @param endsWithCredential whether it is the credential that bounds it
   */
  record Term(long seconds, boolean endsWithCredential) {
    long nanos() {
      return Lifetimes.nanos(seconds);
    }
  }

  /**
   * What is asked for, within the bounds, and never beyond the end of the caller's credential (as
   * RFC 7635 §4.1 has it for tokens). Whole seconds, rounded down; but one at least, for zero would
   * say that the allocation is deleted.
   */
  Term term(Optional<Lifetime> asked, Caller caller, long nowNanos) {
    long wanted = seconds(asked);
    long left = Math.max(1, Duration.ofNanos(caller.untilNanos() - nowNanos).toSeconds());
    return new Term(Math.min(wanted, left), left < wanted);
  }

  private static long nanos(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
