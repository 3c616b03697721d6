package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Software;
import org.bradawl.turn.server.TurnCounters.Event;

/** Sends responses, and sends them again when a request is retransmitted. */
final class Answers {

  private final String software;
  private final Clients clients;
  private final UnprovenReplies unproven;
  private final TurnCounters counters;
  private final RecentAnswers recent = new RecentAnswers(new SplittableRandom().nextLong());

  Answers(String software, Clients clients, UnprovenReplies unproven, TurnCounters counters) {
    this.software = software;
    this.clients = clients;
    this.unproven = unproven;
    this.counters = counters;
  }

  /** Repeats the answer to a retransmitted request; whether there was one to repeat. */
  boolean repeat(Exchange exchange, long nowNanos) {
    ByteBuffer answer = recent.find(exchange, nowNanos);
    if (answer == null) {
      return false;
    }
    counters.tally(Event.RETRANSMISSION);
    clients.send(exchange.path(), answer);
    return true;
  }

  /**
   * Refuses a request whose sender is not known. Without SOFTWARE: who spoofs an address should get
   * little out of us for a little.
   */
  void refuse(Exchange exchange, Reply.Failure failure) {
    counters.tally(failure.fault().event());
    ByteBuffer reply = exchange.plain().encode(error(exchange, failure));
    unproven.send(exchange.path(), exchange.path(), reply);
  }

  /**
   * Refuses a request that is authentic but for its nonce. With integrity (RFC 8489 §9.2.4 leaves
   * it open), and not remembered: the request is not to be answered alike once it has a new nonce.
   */
  void refuse(Exchange exchange, Authenticator.Outcome.Stale stale) {
    counters.tally(stale.failure().fault().event());
    clients.send(
        exchange.path(),
        stale.caller().signing(exchange.plain()).encode(error(exchange, stale.failure())));
  }

  /**
   * RFC 8489 §6.3: a request of a method that is not supported, or that has no requests, is dropped
   * without a word. So there is nothing in it for who spoofs an address.
   */
  void ignoreMethod() {
    counters.tally(Event.UNKNOWN_METHOD);
  }

  /** Answers an authentic request, with integrity, and remembers the answer. */
  void answer(Exchange exchange, Caller caller, Reply reply, long nowNanos) {
    StunMessage message =
        switch (reply) {
          case Reply.Success success -> success(exchange, success);
          case Reply.Failure failure -> {
            counters.tally(failure.fault().event());
            yield error(exchange, failure);
          }
          case Reply.Later _ -> null;
        };
    if (message != null) {
      send(exchange, caller, message, nowNanos);
    }
  }

  private void send(Exchange exchange, Caller caller, StunMessage message, long nowNanos) {
    Encoder encoder = caller.signing(exchange.plain());
    ByteBuffer bytes = encoder.encode(message).asReadOnlyBuffer();
    switch (exchange.path().transport()) {
      case UDP, DTLS -> {
        remember(exchange, bytes, nowNanos);
        clients.remember(exchange, bytes);
      }
      case TCP, TLS -> {} // RFC 8489 §6.2.2: nothing is retransmitted over a reliable transport
    }
    clients.send(exchange.path(), bytes);
  }

  /** Keeps an answer, from here or from the client's shard of before, for a retransmission. */
  void remember(Exchange exchange, ByteBuffer answer, long nowNanos) {
    recent.remember(exchange, answer, nowNanos);
  }

  private StunMessage success(Exchange exchange, Reply.Success success) {
    StunMessage.Builder builder = exchange.request().success().addAll(success.attributes());
    return software.isEmpty() ? builder.build() : builder.add(new Software(software)).build();
  }

  private static StunMessage error(Exchange exchange, Reply.Failure failure) {
    return exchange
        .request()
        .error(failure.fault().code(), failure.fault().reason())
        .addAll(failure.attributes())
        .build();
  }
}
