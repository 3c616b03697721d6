package org.bradawl.traversal.ice;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bradawl.traversal.ice.Pair.State;

/**
 * The pairs of the one data stream and which of them is checked next (RFC 8445 §6.1.2, §6.1.4.2;
 * RFC 8838 §12 for those that come later).
 */
final class CheckList {

  /** RFC 8445 §6.1.2.5: at most so many, whatever the peer claims. */
  static final int MOST_PAIRS = 100;

  private final List<Pair> pairs = new ArrayList<>();
  private final Deque<Pair> triggered = new ArrayDeque<>();

  Stream<Pair> pairs() {
    return pairs.stream();
  }

  Optional<Pair> find(Pair.Route route) {
    return pairs.stream().filter(pair -> pair.route().equals(route)).findFirst();
  }

  /**
   * Takes a pair, unless its way is known already. When there are too many, the one that is worth
   * least goes, of those of which nothing is known yet.
   */
  Optional<Pair> add(Pair pair, boolean controlling) {
    if (find(pair.route()).isPresent()) {
      return Optional.empty();
    }
    pairs.add(pair);
    pairs.sort(
        Comparator.comparingLong((Pair each) -> each.priority(controlling))
            .reversed()
            .thenComparing(each -> each.route().remote().toString()));
    if (pairs.size() > MOST_PAIRS && !dropLast()) {
      pairs.remove(pair);
    }
    if (!pairs.contains(pair)) {
      return Optional.empty();
    }
    List<Pair> relatives = relatives(pair).filter(other -> other != pair).toList();
    boolean isFirst = relatives.isEmpty();
    if (isFirst || relatives.stream().anyMatch(other -> other.state() == State.SUCCEEDED)) {
      pair.state(State.WAITING);
    }
    return Optional.of(pair);
  }

  private boolean dropLast() {
    for (int i = pairs.size() - 1; i >= 0; i--) {
      State state = pairs.get(i).state();
      if (state == State.FROZEN || state == State.WAITING || state == State.FAILED) {
        triggered.remove(pairs.remove(i));
        return true;
      }
    }
    return false;
  }

  private Stream<Pair> relatives(Pair pair) {
    return pairs.stream().filter(other -> other.foundation().equals(pair.foundation()));
  }

  /** RFC 8445 §7.3.1.4: it is checked before all others. */
  void trigger(Pair pair) {
    if (!triggered.contains(pair)) {
      triggered.add(pair);
    }
    if (pair.state() != State.SUCCEEDED) {
      pair.state(State.WAITING);
    }
  }

  /** The roles have changed, and with them every priority. */
  void sort(boolean controlling) {
    pairs.sort(Comparator.comparingLong((Pair pair) -> pair.priority(controlling)).reversed());
  }

  boolean hasNext() {
    return !triggered.isEmpty() || pairs.stream().anyMatch(this::isOpen);
  }

  private boolean isOpen(Pair pair) {
    return pair.state() == State.WAITING || (pair.state() == State.FROZEN && isThawable(pair));
  }

  /** Whether nothing of its foundation is under way. */
  private boolean isThawable(Pair pair) {
    return relatives(pair)
        .noneMatch(other -> other.state() == State.WAITING || other.state() == State.IN_PROGRESS);
  }

  /** What to check now: what the peer has checked, then the best of what waits. */
  Optional<Pair> next() {
    Pair first = triggered.poll();
    if (first != null) {
      return Optional.of(first);
    }
    if (pairs.stream().noneMatch(pair -> pair.state() == State.WAITING)) {
      pairs.stream()
          .filter(pair -> pair.state() == State.FROZEN && isThawable(pair))
          .forEach(pair -> pair.state(State.WAITING));
    }
    return pairs.stream().filter(pair -> pair.state() == State.WAITING).findFirst();
  }

  /** RFC 8445 §7.2.5.3.3: what is like a pair that works gets its turn. */
  void thaw(Pair pair) {
    relatives(pair)
        .filter(other -> other.state() == State.FROZEN)
        .forEach(other -> other.state(State.WAITING));
  }

  /** RFC 8445 §8.1.2: a pair is chosen, and the others are not checked any more. */
  void conclude(Pair chosen) {
    triggered.removeIf(pair -> pair != chosen);
    pairs.removeIf(
        pair -> pair != chosen && (pair.state() == State.WAITING || pair.state() == State.FROZEN));
  }

  /** How many count for RFC 8445 §14.3's timeout. */
  int busy() {
    return (int)
        pairs.stream()
            .filter(pair -> pair.state() == State.WAITING || pair.state() == State.IN_PROGRESS)
            .count();
  }

  boolean isExhausted() {
    return triggered.isEmpty() && pairs.stream().allMatch(pair -> pair.state() == State.FAILED);
  }
}
