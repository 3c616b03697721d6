package org.bradawl.traversal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;

/**
 * Whether the peer still wants to hear from us on one path (RFC 7675): requests go out, answers
 * keep the path alive, and the peer's own requests are answered. On a path that nobody has checked
 * yet, as one through relays, the first answer says that it works.
 */
public final class Consent {

  /** RFC 7675 §5.1: five seconds, give or take a fifth. */
  private static final long INTERVAL_NANOS = 5_000_000_000L;

  /** RFC 7675 §5.1: who has not answered for this long does not want to hear from us. */
  private static final long EXPIRY_NANOS = 30_000_000_000L;

  /** Until it is known that a path works, and while it is in doubt: RFC 8445's Ta. */
  private static final long HURRY_NANOS = 50_000_000L;

  /** Answers to older requests say nothing about the path as it is now. */
  private static final int REMEMBERED = 64;

  private final CheckMessages messages;
  private final boolean controlling;
  private final long tieBreaker;
  private final RandomGenerator random;
  private final Consumer<ByteBuffer> out;
  private final Map<TransactionId, Long> sent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TransactionId, Long> eldest) {
          return size() > REMEMBERED;
        }
      };
  private OptionalLong roundTripNanos = OptionalLong.empty();
  private long heardNanos;
  private long nextNanos;
  private boolean answered;
  private boolean doubted;
  private boolean started;

  /** Consent of which nothing is known yet; {@code out} sends over the path. */
  public Consent(
      Side side,
      Credentials local,
      Credentials remote,
      RandomGenerator random,
      Consumer<ByteBuffer> out) {
    this.messages = new CheckMessages(local, remote);
    this.controlling = side == Side.INITIATOR;
    this.tieBreaker = random.nextLong();
    this.random = random;
    this.out = out;
  }

  /** Begins; {@code proven} says that checks have shown the path to work. */
  public void start(boolean proven, long now) {
    started = true;
    answered = proven;
    heardNanos = now;
    nextNanos = proven ? now + jittered() : now;
    advance(now);
  }

  /** Whether the path has ever worked. */
  public boolean isAnswered() {
    return answered;
  }

  /** Whether the peer has withdrawn, or nothing gets through any more. */
  public boolean isExpired(long now) {
    return now - heardNanos >= EXPIRY_NANOS;
  }

  /** When the last answer came. */
  public long heardNanos() {
    return heardNanos;
  }

  /** How long the last answer took. */
  public OptionalLong roundTripNanos() {
    return roundTripNanos;
  }

  /** Something else has shown that the path carries packets, or that it may not. */
  public void doubt(boolean isDoubted, long now) {
    if (isDoubted && !doubted) {
      nextNanos = now;
    }
    doubted = isDoubted;
  }

  /** When {@link #advance} wants to be called next. */
  public OptionalLong deadlineNanos() {
    if (!started) {
      return OptionalLong.empty();
    }
    long expiry = heardNanos + EXPIRY_NANOS;
    return OptionalLong.of(expiry - nextNanos < 0 ? expiry : nextNanos);
  }

  /** Asks when it is time to. */
  public void advance(long now) {
    if (!started || now - nextNanos < 0 || isExpired(now)) {
      return;
    }
    nextNanos = now + (answered && !doubted ? jittered() : HURRY_NANOS);
    TransactionId id = TransactionId.random(random);
    sent.put(id, now);
    out.accept(messages.request(id, controlling, tieBreaker, 1, false));
  }

  private long jittered() {
    return (long) (INTERVAL_NANOS * (0.8 + 0.4 * random.nextDouble()));
  }

  /** A STUN message has come over the path; whether it was about consent. */
  public boolean received(TransportAddress from, StunMessage message, long now) {
    return switch (message.messageClass()) {
      case REQUEST -> {
        Optional<CheckMessages.Request> request = messages.verified(message);
        request.ifPresent(_ -> out.accept(messages.success(message, from)));
        yield request.isPresent();
      }
      case SUCCESS_RESPONSE -> {
        Long asked = sent.get(message.transactionId());
        if (asked == null || !messages.isFromPeer(message)) {
          yield false;
        }
        sent.remove(message.transactionId());
        roundTripNanos = OptionalLong.of(now - asked);
        heardNanos = now;
        answered = true;
        doubted = false;
        yield true;
      }
      case ERROR_RESPONSE, INDICATION -> false;
    };
  }
}
