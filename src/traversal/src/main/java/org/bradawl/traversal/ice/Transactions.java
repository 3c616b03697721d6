package org.bradawl.traversal.ice;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.bradawl.stun.TransactionId;

/** Checks that wait for their answers, and when they are sent again (RFC 8489 §6.2.1). */
final class Transactions {

  /**
   * One check.
   *
   * @param priority what its PRIORITY said
   */
  record Check(
      Pair pair, ByteBuffer request, boolean nominates, boolean asControlling, long priority) {}

  /** RFC 8489 §6.2.1's Rc: a request is sent so often. */
  private static final int MOST_SENT = 7;

  /** RFC 8489 §6.2.1's Rm: after the last one it is waited so many times the first interval. */
  private static final int LAST_WAIT = 16;

  /** RFC 8489 §6.2.2's Ti: a connection repeats by itself, so its one request has this long. */
  private static final long RELIABLE_NANOS = 39_500_000_000L;

  private static final class Pending {
    final Check check;
    final long intervalNanos;
    final boolean reliable;
    int sent = 1;
    long nextNanos;

    /** RFC 8445 §7.3.1.4: it is not sent again, and an answer still counts. */
    boolean cancelled;

    Pending(Check check, long intervalNanos, boolean reliable, long now) {
      this.check = check;
      this.intervalNanos = intervalNanos;
      this.reliable = reliable;
      this.nextNanos = now + (reliable ? RELIABLE_NANOS : intervalNanos);
    }

    boolean isLast() {
      return cancelled || reliable || sent >= MOST_SENT;
    }
  }

  private final Map<TransactionId, Pending> pending = new LinkedHashMap<>();

  void sent(TransactionId id, Check check, long intervalNanos, boolean reliable, long now) {
    pending.put(id, new Pending(check, intervalNanos, reliable, now));
  }

  /** The check that this is the answer to, which then waits no more. */
  Optional<Check> answered(TransactionId id) {
    return Optional.ofNullable(pending.remove(id)).map(waiting -> waiting.check);
  }

  Optional<Check> find(TransactionId id) {
    return Optional.ofNullable(pending.get(id)).map(waiting -> waiting.check);
  }

  /** Nothing is sent again for this pair. */
  void cancel(Pair pair) {
    pending.values().stream()
        .filter(waiting -> waiting.check.pair() == pair)
        .forEach(waiting -> waiting.cancelled = true);
  }

  /** Nothing is sent again for any other pair. */
  void cancelAllBut(Pair pair) {
    pending.values().stream()
        .filter(waiting -> waiting.check.pair() != pair)
        .forEach(waiting -> waiting.cancelled = true);
  }

  /** Whether an answer may come that nobody has given up on. */
  boolean isAwaited(Pair pair) {
    return pending.values().stream()
        .anyMatch(waiting -> waiting.check.pair() == pair && !waiting.cancelled);
  }

  /** The checks over a connection that is gone. */
  List<Check> lost(Pair pair) {
    List<Check> gone = new ArrayList<>();
    pending.values().removeIf(waiting -> waiting.check.pair() == pair && gone.add(waiting.check));
    return gone;
  }

  OptionalLong deadlineNanos() {
    // Compared by distance, since the clock may wrap.
    return pending.values().stream()
        .mapToLong(waiting -> waiting.nextNanos)
        .reduce((one, other) -> one - other <= 0 ? one : other);
  }

  /** What is to be sent again; what had its last chance is given to {@code over}. */
  List<Check> due(long now, List<Check> over) {
    List<Check> again = new ArrayList<>();
    pending
        .values()
        .removeIf(waiting -> {
          if (now - waiting.nextNanos < 0) {
            return false;
          }
          if (waiting.isLast()) {
            if (!waiting.cancelled) {
              over.add(waiting.check);
            }
            return true;
          }
          waiting.sent++;
          waiting.nextNanos = now + next(waiting);
          again.add(waiting.check);
          return false;
        });
    return again;
  }

  private static long next(Pending waiting) {
    return waiting.sent == MOST_SENT
        ? LAST_WAIT * waiting.intervalNanos
        : waiting.intervalNanos << (waiting.sent - 1);
  }
}
