package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * What authenticated requests over UDP were answered with lately, so that a retransmitted one gets
 * the same bytes even where the state has moved on: a Refresh that ended its allocation, an
 * Allocate refused for a quota that has room again (RFC 8489 §6.3.1, RFC 8656 §5).
 *
 * <p>Only authenticated requests get in, so strangers cannot fill it. When it is full the oldest
 * goes, and a retransmission of that one is answered from the state as it is.
 */
final class RecentAnswers {

  /** RFC 8489 §6.2.1: with its defaults a client gives up 39.5 s after its first transmission. */
  private static final long KEEP_NANOS = Duration.ofSeconds(40).toNanos();

  /** A few megabytes; 400 requests a second and shard fill it in the time they are kept. */
  private static final int MOST = 16_384;

  private record Key(FiveTuple path, TransactionId id, Method method) {}

  private record Answer(ByteBuffer message, long untilNanos) {}

  private final Map<Key, Answer> answers = new LinkedHashMap<>();

  /** Keeps an answer that was sent; {@code message} must not change any more. */
  void remember(Exchange exchange, ByteBuffer message, long nowNanos) {
    forget(nowNanos);
    if (answers.size() == MOST) {
      answers.remove(answers.keySet().iterator().next());
    }
    answers.put(key(exchange), new Answer(message, nowNanos + KEEP_NANOS));
  }

  /** The answer that this very request got, as a buffer of the caller's own. */
  @Nullable ByteBuffer find(Exchange exchange, long nowNanos) {
    forget(nowNanos);
    Answer answer = answers.get(key(exchange));
    return answer == null ? null : answer.message.duplicate();
  }

  int size() {
    return answers.size();
  }

  private void forget(long nowNanos) {
    Iterator<Answer> oldestFirst = answers.values().iterator();
    while (oldestFirst.hasNext() && oldestFirst.next().untilNanos - nowNanos <= 0) {
      oldestFirst.remove();
    }
  }

  private static Key key(Exchange exchange) {
    return new Key(
        exchange.path(), exchange.request().transactionId(), exchange.request().method());
  }
}
