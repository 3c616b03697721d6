package org.bradawl.turn.server;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.TurnCounters.Event;
import org.jspecify.annotations.Nullable;

/**
 * The procedures of RFC 6062: Connect (§5.2), a peer that connects (§5.3), ConnectionBind (§5.4).
 *
 * <p>Connect asks for no permission, as the RFC has it: the client names the peer itself. The rules
 * on peers hold for it as for permissions. Peers that connect need a permission.
 */
final class Connecting {

  private final PeerConnections connections;
  private final ConnectionDirectory directory;
  private final Allocations allocations;
  private final PeerGate gate;
  private final Answers answers;
  private final RandomGenerator random;
  private final ServerActions actions;
  private final TurnCounters counters;

  /**
   * The procedures of one shard.
   *
   * @param random fills the transaction ids of indications
   */
  Connecting(
      PeerConnections connections,
      ConnectionDirectory directory,
      Allocations allocations,
      PeerGate gate,
      Answers answers,
      RandomGenerator random,
      ServerActions actions,
      TurnCounters counters) {
    this.connections = connections;
    this.directory = directory;
    this.allocations = allocations;
    this.gate = gate;
    this.answers = answers;
    this.random = random;
    this.actions = actions;
    this.counters = counters;
  }

  /** A Connect request about an allocation of its sender. */
  Reply connect(Allocation allocation, Exchange exchange, Caller caller, long nowNanos) {
    if (!allocation.relaysTcp()) {
      return Reply.Failure.of(Fault.ALLOCATION_MISMATCH);
    }
    Optional<XorPeerAddress> named = exchange.first(XorPeerAddress.class);
    if (named.isEmpty() || named.get().address().port() == 0) {
      return Reply.Failure.of(Fault.BAD_REQUEST);
    }
    TransportAddress peer = named.get().address();
    if (allocation.connections().containsKey(peer)) {
      return Reply.Failure.of(Fault.CONNECTION_EXISTS);
    }
    if (peer.address().family() != allocation.family()) {
      return Reply.Failure.of(Fault.PEER_ADDRESS_FAMILY_MISMATCH);
    }
    TransportAddress target = gate.route(peer, directory.relayAddresses());
    // To itself TCP would connect indeed, and echo.
    if (target == null || target.equals(allocation.port().bound())) {
      PeerDenial.Ground ground = gate.ground(peer);
      AllocationInfo info = allocation.info();
      actions.peerDenied(
          new PeerDenial(info.principal(), info.client(), peer, ground.rule(), ground.range()));
      return Reply.Failure.of(Fault.FORBIDDEN);
    }
    if (isFull(allocation)) {
      return Reply.Failure.of(Fault.INSUFFICIENT_CAPACITY);
    }
    PeerConnection connection =
        connections.begin(allocation, peer, new PeerConnection.Request(exchange, caller), nowNanos);
    actions.streams().connect(connection.id(), allocation.relay(), target);
    return new Reply.Later();
  }

  private static boolean isFull(Allocation allocation) {
    return allocation.connections().size() >= PeerConnections.MOST_PER_ALLOCATION;
  }

  void succeeded(DataConnectionId id, long nowNanos) {
    PeerConnection connection = connections.of(id);
    PeerConnection.Request request = connection == null ? null : connection.takeRequest();
    if (connection == null || request == null) {
      counters.tally(Event.LATE);
      return;
    }
    connections.made(connection, nowNanos);
    Reply success = Reply.Success.of(new ConnectionId(id.value()));
    answers.answer(request.exchange(), request.caller(), success, nowNanos);
  }

  void failed(DataConnectionId id, long nowNanos) {
    PeerConnection connection = connections.of(id);
    if (connection == null) {
      counters.tally(Event.LATE);
    } else {
      connections.failed(connection, nowNanos);
    }
  }

  /** A peer has connected to {@code relay}; the connection's id, or null if it is to be closed. */
  @Nullable DataConnectionId accept(RelayId relay, TransportAddress source, long nowNanos) {
    Allocation allocation = allocations.of(relay);
    if (allocation == null || !allocation.isLive(nowNanos)) {
      counters.tally(Event.LATE);
      return null;
    }
    TransportAddress peer = directory.relayAddresses().advertised(source);
    Permission permission = allocation.permission(peer.address());
    if (permission == null || !permission.isLive(nowNanos)) {
      counters.tally(Event.NO_PERMISSION);
      return null;
    }
    if (permission.guarded() && gate.route(peer, directory.relayAddresses()) == null) {
      counters.tally(Event.FORBIDDEN_PEER);
      return null;
    }
    if (isFull(allocation) || allocation.connections().containsKey(peer)) {
      counters.tally(Event.NO_CAPACITY);
      return null;
    }
    PeerConnection connection = connections.accepted(allocation, peer, nowNanos);
    StunMessage attempt =
        StunMessage.indication(Method.Known.CONNECTION_ATTEMPT, TransactionId.random(random))
            .add(new XorPeerAddress(peer))
            .add(new ConnectionId(connection.id().value()))
            .build();
    actions.sendToClient(allocation.client(), Encoder.PLAIN.encode(attempt));
    return connection.id();
  }

  /**
   * The same request as if it had come by the control connection, if that has the same client
   * address. Its nonce is as good for a data connection: the client need not be challenged anew.
   */
  Optional<Exchange> asIfOnControl(Exchange exchange) {
    return exchange
        .first(ConnectionId.class)
        .flatMap(named -> directory.control(new DataConnectionId(named.id())))
        .filter(control ->
            control.client().address().equals(exchange.path().client().address())
                && control.transport() == exchange.path().transport())
        .map(control -> new Exchange(control, exchange.request()));
  }

  /** A ConnectionBind request. */
  Reply bind(Exchange exchange, Caller caller, long nowNanos) {
    Optional<ConnectionId> named = exchange.first(ConnectionId.class);
    if (!exchange.path().transport().isStream()
        || named.isEmpty()
        || allocations.of(exchange.path()) != null) {
      return Reply.Failure.of(Fault.BAD_REQUEST);
    }
    DataConnectionId id = new DataConnectionId(named.get().id());
    return switch (directory.claim(id, caller.principal().user())) {
      case UNKNOWN -> Reply.Failure.of(Fault.BAD_REQUEST);
      case OF_ANOTHER -> Reply.Failure.of(Fault.WRONG_CREDENTIALS);
      case TAKEN -> {
        answers.answer(exchange, caller, Reply.Success.of(), nowNanos);
        actions.streams().bind(exchange.path(), id);
        yield new Reply.Later();
      }
    };
  }

  /** The client's connection is here; whether the peer's is still there. */
  boolean bound(DataConnectionId id) {
    PeerConnection connection = connections.of(id);
    if (connection == null) {
      counters.tally(Event.LATE);
      return false;
    }
    connections.bound(connection);
    return true;
  }

  int readable(DataConnectionId id, int most, long nowNanos) {
    Meter meter = meter(id);
    int readable = meter == null ? most : meter.available(most, nowNanos);
    if (readable == 0) {
      counters.tally(Event.STREAM_HELD_BACK);
    }
    return readable;
  }

  long readableInNanos(DataConnectionId id, long nowNanos) {
    Meter meter = meter(id);
    return meter == null ? 0 : meter.waitNanos(nowNanos);
  }

  /** What bounds a connection's bytes; null if nothing does. */
  private @Nullable Meter meter(DataConnectionId id) {
    PeerConnection connection = allocations.metered() ? connections.of(id) : null;
    return connection == null ? null : connection.allocation().meter();
  }

  private void spend(DataConnectionId id, int bytes) {
    Meter meter = meter(id);
    if (meter != null) {
      meter.take(bytes);
    }
  }

  void relayedUp(DataConnectionId id, int bytes) {
    PeerConnection connection = connections.of(id);
    if (connection != null) {
      spend(id, bytes);
      connection.up(bytes);
      counters.up(bytes);
    }
  }

  void relayedDown(DataConnectionId id, int bytes) {
    PeerConnection connection = connections.of(id);
    if (connection != null) {
      spend(id, bytes);
      connection.down(bytes);
      counters.down(bytes);
    }
  }

  /** The shell has closed a connection that ended by itself. */
  void gone(DataConnectionId id) {
    PeerConnection connection = connections.of(id);
    if (connection != null) {
      connections.end(connection);
    }
  }
}
