package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Dialect;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.Wire;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.ChangedAddress;
import org.bradawl.stun.attribute.MappedAddress;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.OtherAddress;
import org.bradawl.stun.attribute.Padding;
import org.bradawl.stun.attribute.ResponseAddress;
import org.bradawl.stun.attribute.ResponseOrigin;
import org.bradawl.stun.attribute.ResponsePort;
import org.bradawl.stun.attribute.SourceAddress;
import org.bradawl.stun.attribute.UnknownAttributes;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.turn.auth.NonceIssuer;
import org.bradawl.turn.server.TurnCounters.Event;

/**
 * Answers Binding requests without keeping anything: RFC 8489 and 5389, the behaviour discovery of
 * RFC 5780, and the requests of RFC 3489 in kind.
 */
final class BindingResponder {

  private static final int CHANGE_REQUEST = 0x0003;
  private static final int RESPONSE_ADDRESS = 0x0002;
  private static final int PADDING = 0x0026;
  private static final int RESPONSE_PORT = 0x0027;

  /**
   * RFC 5780 §6.1 wants the MTU of the outgoing interface, to make fragments. Never more than the
   * request had, or padding would turn the server into an amplifier.
   */
  private static final int MOST_PADDING = 1500;

  /** Nothing is authenticated here, so there is nothing to negotiate. */
  private static final SecurityFeatures NO_FEATURES = new SecurityFeatures(false, false);

  private final List<AlternateAddress> alternates;
  private final NonceIssuer nonces;
  private final Answers answers;
  private final UnprovenReplies unproven;
  private final ServerActions actions;
  private final TurnCounters counters;
  private final ByteBuffer bare = ByteBuffer.allocateDirect(Wire.MOST_BINDING_SUCCESS);

  BindingResponder(
      List<AlternateAddress> alternates,
      NonceIssuer nonces,
      Answers answers,
      UnprovenReplies unproven,
      ServerActions actions,
      TurnCounters counters) {
    this.alternates = alternates;
    this.nonces = nonces;
    this.answers = answers;
    this.unproven = unproven;
    this.actions = actions;
    this.counters = counters;
  }

  /**
   * A Binding request without attributes, which is what most clients send, in place: no object is
   * made for it. Whether it was one that is answered so; if not, nothing happened.
   */
  boolean answerBare(FiveTuple path, ByteBuffer message, long nowNanos) {
    if (path.transport() != FiveTuple.Transport.UDP || !isPlain(path.server())) {
      return false;
    }
    int length = Wire.putBindingSuccess(bare.clear(), message, message.position(), path.client());
    counters.tally(Event.BINDING);
    unproven.to(message.remaining(), nowNanos);
    unproven.send(path, path, bare.limit(length));
    return true;
  }

  /** Whether it has no other address that an answer would have to name. */
  private boolean isPlain(TransportAddress server) {
    for (int i = 0; i < alternates.size(); i++) { // no iterator: asked for each request
      if (alternates.get(i).covers(server)) {
        return false;
      }
    }
    return true;
  }

  void answer(Exchange exchange) {
    Optional<AlternateAddress> alternate = alternate(exchange.path().server());
    List<Integer> unknown = notUnderstood(exchange, alternate.isPresent());
    if (exchange.path().transport() == FiveTuple.Transport.DTLS
        && exchange.request().dialect() == Dialect.RFC3489) {
      // RFC 8489 §11: who speaks DTLS knows the cookie.
      answers.refuse(exchange, Reply.Failure.of(Fault.CLASSIC_OVER_DTLS));
    } else if (!unknown.isEmpty()) {
      answers.refuse(
          exchange, Reply.Failure.of(Fault.UNKNOWN_ATTRIBUTE, new UnknownAttributes(unknown)));
    } else if (exchange.request().isMalformed()) {
      answers.refuse(exchange, Reply.Failure.of(Fault.BAD_REQUEST));
    } else if (exchange.has(Padding.class) && exchange.has(ResponsePort.class)) {
      // RFC 5780 §6.1: much to a port that did not ask is what an attacker wants.
      answers.refuse(exchange, Reply.Failure.of(Fault.BAD_REQUEST));
    } else {
      succeed(exchange, alternate);
    }
  }

  private void succeed(Exchange exchange, Optional<AlternateAddress> alternate) {
    FiveTuple path = exchange.path();
    FiveTuple back = responsePath(exchange, alternate);
    counters.tally(Event.BINDING);
    if (!back.equals(path)) {
      counters.tally(Event.BINDING_REDIRECTED);
    }
    StunMessage response =
        switch (exchange.request().dialect()) {
          case RFC8489 -> modern(exchange, alternate, back.server(), recognise(exchange, back));
          case RFC3489 -> classic(exchange, alternate, back.server());
        };
    unproven.send(path, back, exchange.plain().encode(response));
  }

  /**
   * Tells the shell of a client that says who it is. A datagram's source is easily forged, so it
   * must first repeat a nonce that was sent there.
   *
   * @return the nonce to send
   */
  private Optional<Nonce> recognise(Exchange exchange, FiveTuple back) {
    FiveTuple path = exchange.path();
    Optional<Username> name = exchange.first(Username.class);
    if (name.isEmpty() || !back.equals(path)) {
      return Optional.empty();
    }
    boolean proved =
        path.transport().isStream()
            || exchange
                .first(Nonce.class)
                .filter(nonce -> nonces.isFresh(nonce.value(), path))
                .isPresent();
    if (!proved) {
      return Optional.of(new Nonce(nonces.issue(path, NO_FEATURES)));
    }
    actions.clientSeen(path, name.get().name());
    return Optional.empty();
  }

  private static StunMessage modern(
      Exchange exchange,
      Optional<AlternateAddress> alternate,
      TransportAddress origin,
      Optional<Nonce> nonce) {
    FiveTuple path = exchange.path();
    StunMessage.Builder response =
        exchange.request().success().add(new XorMappedAddress(path.client()));
    if (alternate.isPresent() || usesDiscovery(exchange)) {
      response.add(new MappedAddress(path.client())).add(new ResponseOrigin(origin));
    }
    alternate.ifPresent(
        pair -> response.add(new OtherAddress(pair.change(path.server(), true, true))));
    exchange
        .first(Padding.class)
        .map(padding -> Math.min(padding.filler().length() + 3 & ~3, MOST_PADDING))
        .ifPresent(length -> response.add(new Padding(Bytes.owning(new byte[length]))));
    nonce.ifPresent(response::add);
    return response.build();
  }

  /** RFC 3489 §8.1: no XOR, and the addresses under their old names. */
  private static StunMessage classic(
      Exchange exchange, Optional<AlternateAddress> alternate, TransportAddress origin) {
    FiveTuple path = exchange.path();
    StunMessage.Builder response =
        exchange
            .request()
            .success()
            .add(new MappedAddress(path.client()))
            .add(new SourceAddress(origin));
    alternate.ifPresent(
        pair -> response.add(new ChangedAddress(pair.change(path.server(), true, true))));
    return response.build();
  }

  private static boolean usesDiscovery(Exchange exchange) {
    return exchange.has(ResponsePort.class) || exchange.has(Padding.class);
  }

  private static FiveTuple responsePath(Exchange exchange, Optional<AlternateAddress> alternate) {
    FiveTuple path = exchange.path();
    TransportAddress origin =
        exchange
            .first(ChangeRequest.class)
            .flatMap(change ->
                alternate.map(pair ->
                    pair.change(path.server(), change.changeAddress(), change.changePort())))
            .orElse(path.server());
    TransportAddress target =
        exchange
            .first(ResponsePort.class)
            .map(port -> new TransportAddress(path.client().address(), port.port()))
            .orElse(path.client());
    return new FiveTuple(path.transport(), origin, target);
  }

  /** What a 420 must list: unknown attributes, and those that this path cannot honour. */
  private static List<Integer> notUnderstood(Exchange exchange, boolean hasAlternate) {
    List<Integer> types = new ArrayList<>(exchange.request().unknownComprehensionRequired());
    boolean redirects =
        switch (exchange.path().transport()) {
          case UDP -> true;
          case TCP, TLS, DTLS -> false; // a connection has one address and port at each end
        };
    Optional<ChangeRequest> change = exchange.first(ChangeRequest.class);
    if (change.isPresent() && !(redirects && hasAlternate) && !isIdle(exchange, change.get())) {
      types.add(CHANGE_REQUEST);
    }
    if (exchange.has(ResponseAddress.class)) {
      types.add(RESPONSE_ADDRESS); // RFC 3489 §11.2.2: answers to anywhere, gone since RFC 5389
    }
    if (!redirects && exchange.has(Padding.class)) {
      types.add(PADDING);
    }
    if (!redirects && exchange.has(ResponsePort.class)) {
      types.add(RESPONSE_PORT);
    }
    return types;
  }

  /** Clients of RFC 3489 send CHANGE-REQUEST always, with no flag if they want no change. */
  private static boolean isIdle(Exchange exchange, ChangeRequest change) {
    return switch (exchange.request().dialect()) {
      case RFC3489 -> !change.changeAddress() && !change.changePort();
      case RFC8489 -> false;
    };
  }

  private Optional<AlternateAddress> alternate(TransportAddress server) {
    for (AlternateAddress alternate : alternates) {
      if (alternate.covers(server)) {
        return Optional.of(alternate);
      }
    }
    return Optional.empty();
  }
}
