package org.bradawl.traversal.ice;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Consent;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.ice.Pair.State;

/** The pair that both sides have agreed on (RFC 8445 §8.1.2) and the peer's consent to it. */
final class Selection {

  private final Role role;
  private final Credentials ours;
  private final RandomGenerator random;
  private Optional<Pair> chosen = Optional.empty();
  private Optional<Consent> consent = Optional.empty();

  Selection(Role role, Credentials ours, RandomGenerator random) {
    this.role = role;
    this.ours = ours;
    this.random = random;
  }

  Optional<Pair> pair() {
    return chosen;
  }

  boolean isMade() {
    return chosen.isPresent();
  }

  boolean isOf(Pair pair) {
    return chosen.filter(each -> each == pair).isPresent();
  }

  /** Whether a pair is to be used from now on: it works, is nominated, and there is no better. */
  boolean isDue(Pair pair) {
    boolean better =
        chosen
            .map(
                older -> pair.priority(role.isControlling()) > older.priority(role.isControlling()))
            .orElse(true);
    return pair.isNominated() && better && pair.state() == State.SUCCEEDED;
  }

  /** Uses a pair; consent to it begins with the check that has just succeeded. */
  void make(Pair pair, Credentials theirs, Consumer<ByteBuffer> out, long now) {
    chosen = Optional.of(pair);
    Side side = role.isControlling() ? Side.INITIATOR : Side.RESPONDER;
    Consent fresh = new Consent(side, ours, theirs, random, out);
    fresh.start(true, now);
    consent = Optional.of(fresh);
  }

  /** Nothing is sent any more. */
  void end() {
    chosen = Optional.empty();
  }

  /** Whether an answer was about consent. */
  boolean received(TransportAddress from, StunMessage message, long now) {
    return consent.filter(each -> each.received(from, message, now)).isPresent();
  }

  OptionalLong deadlineNanos() {
    return consent.map(Consent::deadlineNanos).orElse(OptionalLong.empty());
  }

  /** Asks for consent again when it is time to. */
  void advance(long now) {
    consent.ifPresent(each -> each.advance(now));
  }

  /** Whether the peer has not consented for too long. */
  boolean isExpired(long now) {
    return consent.filter(each -> each.isExpired(now)).isPresent();
  }
}
