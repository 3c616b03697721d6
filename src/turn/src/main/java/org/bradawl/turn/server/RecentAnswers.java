package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
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
 *
 * <p>A ring, whose places are made once and used again and again: what is kept for seconds, and is
 * new all the time, would be copied by each collection of garbage.
 */
final class RecentAnswers {

  /** RFC 8489 §6.2.1: with its defaults a client gives up 39.5 s after its first transmission. */
  static final long KEEP_NANOS = Duration.ofSeconds(40).toNanos();

  /** A few megabytes; 400 requests a second and shard fill it in the time they are kept. */
  static final int MOST = 16_384;

  /** Most answers are shorter, so that a place need seldom grow. */
  private static final int USUAL_LENGTH = 192;

  private static final class Answer {

    private @Nullable FiveTuple path;
    private @Nullable Method method;
    private long idHigh;
    private long idLow;
    private long untilNanos;
    private byte[] message = new byte[USUAL_LENGTH];
    private int length;

    /** The next of the same chain, which is older. */
    private @Nullable Answer older;

    private void take(Exchange exchange, ByteBuffer sent, long until) {
      TransactionId id = exchange.request().transactionId();
      path = exchange.path();
      method = exchange.request().method();
      idHigh = id.high();
      idLow = id.low();
      untilNanos = until;
      length = sent.remaining();
      if (length > message.length) {
        message = new byte[length];
      }
      sent.get(sent.position(), message, 0, length);
    }

    private boolean isTo(Exchange exchange) {
      TransactionId id = exchange.request().transactionId();
      return idLow == id.low()
          && idHigh == id.high()
          && exchange.request().method().equals(method)
          && exchange.path().equals(path);
    }
  }

  private final long seed;
  private final @Nullable Answer[] ring = new Answer[MOST];
  private final @Nullable Answer[] chains = new Answer[MOST];
  private int oldest;
  private int size;

  /**
   * No answers.
   *
   * @param seed stirs the hashes, so that no client can choose transaction ids that collide
   */
  RecentAnswers(long seed) {
    this.seed = seed;
  }

  /** Keeps an answer that was sent, as the bytes of {@code message} are now. */
  void remember(Exchange exchange, ByteBuffer message, long nowNanos) {
    forget(nowNanos);
    if (size == MOST) {
      removeOldest();
    }
    int place = (oldest + size++) % MOST;
    Answer answer = ring[place];
    if (answer == null) {
      answer = new Answer();
      ring[place] = answer;
    }
    answer.take(exchange, message, nowNanos + KEEP_NANOS);
    int chain = chain(answer.idHigh, answer.idLow);
    answer.older = chains[chain];
    chains[chain] = answer;
  }

  /** The answer that this very request got, as a buffer of the caller's own. */
  @Nullable ByteBuffer find(Exchange exchange, long nowNanos) {
    forget(nowNanos);
    TransactionId id = exchange.request().transactionId();
    Answer answer = chains[chain(id.high(), id.low())];
    while (answer != null && !answer.isTo(exchange)) {
      answer = answer.older;
    }
    return answer == null ? null : ByteBuffer.wrap(Arrays.copyOf(answer.message, answer.length));
  }

  int size() {
    return size;
  }

  private void forget(long nowNanos) {
    while (size > 0 && oldest().untilNanos - nowNanos <= 0) {
      removeOldest();
    }
  }

  private Answer oldest() {
    return Objects.requireNonNull(ring[oldest]);
  }

  /** It is the last of its chain. */
  private void removeOldest() {
    Answer last = oldest();
    int chain = chain(last.idHigh, last.idLow);
    Answer before = chains[chain];
    if (before == last) {
      chains[chain] = null;
    } else {
      while (before != null && before.older != last) {
        before = before.older;
      }
      Objects.requireNonNull(before).older = null;
    }
    last.path = null;
    oldest = (oldest + 1) % MOST;
    size--;
  }

  /** A client's requests differ in their ids; what else tells two apart need not. */
  private int chain(long idHigh, long idLow) {
    return Hashing.fold(Hashing.mix(Hashing.mix(idHigh ^ seed) ^ idLow)) & MOST - 1;
  }
}
