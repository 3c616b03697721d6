package org.bradawl.nat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.MappedAddress;
import org.bradawl.stun.attribute.XorMappedAddress;

/**
 * One test: the same question asked until it is answered or given up. Unlike a transaction of RFC
 * 8489 §6.2.1 each attempt has an id of its own, so that it is known which of them were answered:
 * that measures loss, and tells whether a mapping was made in its turn.
 */
final class Probe {

  private static final class Attempt {
    final TransactionId id;
    final long sentNanos;
    final int tick;
    boolean answered;

    Attempt(TransactionId id, long sentNanos, int tick) {
      this.id = id;
      this.sentNanos = sentNanos;
      this.tick = tick;
    }
  }

  /** The first answer. */
  record Reply(TransportAddress from, StunMessage message, long roundTripNanos, int attempt) {

    Optional<TransportAddress> mapped() {
      return message
          .first(XorMappedAddress.class)
          .map(XorMappedAddress::address)
          .or(() -> message.first(MappedAddress.class).map(MappedAddress::address));
    }
  }

  private final String name;
  private final int socket;
  private final TransportAddress to;
  private final List<Attribute> attributes;
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<StunMessage> answers = new ArrayList<>();
  private Optional<Reply> reply = Optional.empty();

  Probe(String name, int socket, TransportAddress to, List<Attribute> attributes) {
    this.name = name;
    this.socket = socket;
    this.to = to;
    this.attributes = attributes;
  }

  int socket() {
    return socket;
  }

  TransportAddress to() {
    return to;
  }

  Optional<Reply> reply() {
    return reply;
  }

  /** Every answer, for what may differ between them. */
  List<StunMessage> answers() {
    return answers;
  }

  Optional<TransportAddress> mapped() {
    return reply.flatMap(Reply::mapped);
  }

  StunMessage attempt(TransactionId id, long now, int tick) {
    attempts.add(new Attempt(id, now, tick));
    return StunMessage.request(Method.Known.BINDING, id).addAll(attributes).build();
  }

  int attempts() {
    return attempts.size();
  }

  boolean owns(TransactionId id) {
    return attempts.stream().anyMatch(attempt -> attempt.id.equals(id));
  }

  /** Takes an answer; whether it belongs to this test. */
  boolean take(TransportAddress from, StunMessage message, long now) {
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      if (attempt.id.equals(message.transactionId())) {
        if (!attempt.answered) {
          attempt.answered = true;
          answers.add(message);
        }
        if (reply.isEmpty()) {
          reply = Optional.of(new Reply(from, message, now - attempt.sentNanos, i));
        }
        return true;
      }
    }
    return false;
  }

  /** How many attempts are older than {@code patience}, answered or not. */
  int ripe(long now, long patience) {
    return (int)
        attempts.stream()
            .filter(attempt -> attempt.answered || now - attempt.sentNanos >= patience)
            .count();
  }

  int answered() {
    return (int) attempts.stream().filter(attempt -> attempt.answered).count();
  }

  boolean answeredIn(int tick) {
    return attempts.stream().anyMatch(attempt -> attempt.tick == tick && attempt.answered);
  }

  /**
   * How many attempts went unanswered although {@code control}, asked in the same tick, was
   * answered: only those speak for a filter rather than for a gap in the network.
   */
  int silentBeside(Probe control, long now, long patience) {
    return (int)
        attempts.stream()
            .filter(attempt -> !attempt.answered && now - attempt.sentNanos >= patience)
            .filter(attempt -> control.answeredIn(attempt.tick))
            .count();
  }

  Evidence evidence(TransportAddress local) {
    return new Evidence(
        name,
        local,
        to,
        attempts(),
        answered(),
        reply.map(Reply::from),
        mapped(),
        reply.map(found -> Duration.ofNanos(found.roundTripNanos())));
  }
}
