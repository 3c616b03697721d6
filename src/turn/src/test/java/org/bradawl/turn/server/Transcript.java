package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.MessageIntegrity;
import org.bradawl.stun.attribute.MessageIntegritySha256;
import org.bradawl.stun.attribute.MobilityTicket;
import org.bradawl.stun.attribute.Nonce;

/** What was asked and what was answered: the same to each transmission of a request. */
final class Transcript {

  /** Which answer to its request one is. */
  enum Answer {
    FIRST,
    /** The same as before. */
    AGAIN,
    /** Another one than before, for a reason that is allowed. */
    ANOTHER
  }

  private record Request(FiveTuple path, TransactionId id, Method method) {

    static Request of(FiveTuple path, StunMessage message) {
      return new Request(path, message.transactionId(), message.method());
    }
  }

  private final Map<Request, StunMessage> asked = new HashMap<>();
  private final Map<Request, StunMessage> answered = new HashMap<>();
  private final Map<Request, Integer> refusedUnder = new HashMap<>();
  private int credentials;

  static int code(StunMessage message) {
    return message.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  void asked(FiveTuple path, StunMessage question) {
    asked.put(Request.of(path, question), question);
  }

  /** What an answer answers. */
  StunMessage question(FiveTuple path, StunMessage answer) {
    StunMessage question = asked.get(Request.of(path, answer));
    if (question == null) {
      throw new AssertionError("an answer nobody asked for: " + answer);
    }
    return question;
  }

  /** From now on other credentials are right. */
  void credentialsChanged() {
    credentials++;
  }

  Answer answered(FiveTuple path, StunMessage answer) {
    Request request = Request.of(path, answer);
    StunMessage before = answered.putIfAbsent(request, answer);
    Answer which = Answer.FIRST;
    if (before != null && mayDiffer(request, before, answer)) {
      answered.put(request, answer);
      which = Answer.ANOTHER;
    } else if (before != null) {
      assertAlike(path, before, answer);
      which = Answer.AGAIN;
    }
    refusedUnder.putIfAbsent(request, credentials);
    return which;
  }

  /**
   * A 401 and a 438 are not remembered (RFC 8489 §6.3.1 forbids it for who is not authenticated):
   * with other credentials, or those of before run out, the answer is another one. So it is for a
   * ticket, with which the nonce of the client's old address is good: that may have changed.
   */
  private boolean mayDiffer(Request request, StunMessage before, StunMessage now) {
    boolean changed = refusedUnder.getOrDefault(request, 0) != credentials;
    return switch (code(before)) {
      case 401 -> changed;
      case 438 -> changed || code(now) == 401 || showsTicket(request);
      default -> false;
    };
  }

  private boolean showsTicket(Request request) {
    StunMessage question = asked.get(request);
    return question != null && question.has(MobilityTicket.class);
  }

  /** Nonces differ; nothing else may. */
  private static void assertAlike(FiveTuple path, StunMessage first, StunMessage again) {
    assertThat(code(again)).as("%s on %s", first, path).isEqualTo(code(first));
    assertThat(withoutNonce(again)).isEqualTo(withoutNonce(first));
  }

  private static List<Attribute> withoutNonce(StunMessage message) {
    return message.attributes().stream()
        .filter(attribute -> !(attribute instanceof Nonce))
        .filter(attribute ->
            code(message) != 438
                || !(attribute instanceof MessageIntegrity
                    || attribute instanceof MessageIntegritySha256))
        .toList();
  }
}
