package org.bradawl.traversal.ice;

import java.util.Optional;
import java.util.OptionalLong;
import org.bradawl.traversal.ice.Pair.State;

/** RFC 8445 §8.1.1, regular nomination: which pair the controlling side proposes, and when. */
final class Nomination {

  /** After a pair works, a better one gets this long to work too: a few turns, a long way. */
  private static final long BETTER_NANOS = 250_000_000L;

  private final CheckList list;
  private Optional<Pair> nominee = Optional.empty();
  private OptionalLong worksSinceNanos = OptionalLong.empty();

  Nomination(CheckList list) {
    this.list = list;
  }

  /** Some pair works; the first one counts. */
  void works(long now) {
    if (worksSinceNanos.isEmpty()) {
      worksSinceNanos = OptionalLong.of(now);
    }
  }

  boolean isUnderWay() {
    return nominee.isPresent();
  }

  boolean isOf(Pair pair) {
    return nominee.filter(each -> each == pair).isPresent();
  }

  /** Who does not control does not nominate. */
  void withdraw() {
    nominee = Optional.empty();
  }

  /** It does not work after all; another may be proposed. */
  void failed(Pair pair) {
    if (isOf(pair)) {
      withdraw();
    }
  }

  /** When the patience with better pairs ends; empty when there is nothing to wait for. */
  OptionalLong deadlineNanos() {
    return isUnderWay() || best().isEmpty() ? OptionalLong.empty() : patienceNanos();
  }

  /** Proposes the best that works, once nothing better may come. */
  void advance(long now) {
    Optional<Pair> best = best();
    if (isUnderWay() || best.isEmpty()) {
      return;
    }
    boolean betterMayCome =
        list.pairs()
            .takeWhile(pair -> pair != best.get())
            .anyMatch(pair -> pair.state() != State.FAILED);
    boolean patient = patienceNanos().stream().anyMatch(until -> now - until < 0);
    if (!betterMayCome || !patient) {
      nominee = best;
      list.trigger(best.get());
    }
  }

  private Optional<Pair> best() {
    return list.pairs().filter(pair -> pair.state() == State.SUCCEEDED).findFirst();
  }

  private OptionalLong patienceNanos() {
    return worksSinceNanos.stream().map(since -> since + BETTER_NANOS).findFirst();
  }
}
