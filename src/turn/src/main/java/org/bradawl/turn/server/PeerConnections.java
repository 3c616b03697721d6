package org.bradawl.turn.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.TurnCounters.Event;
import org.jspecify.annotations.Nullable;

/** One shard's connections with peers: how they are found, and how they begin and end. */
final class PeerConnections {

  /** RFC 6062 §5.2: at least 30 s; who waits longer than that is not waited for. */
  static final long CONNECT_NANOS = Duration.ofSeconds(30).toNanos();

  /** RFC 6062 §5.2 and §5.3: exactly this. */
  static final long BIND_NANOS = Duration.ofSeconds(30).toNanos();

  /**
   * How many connections one allocation may have at a time. Each takes two descriptors once it is
   * bound; a browser opens six to one host.
   */
  static final int MOST_PER_ALLOCATION = 64;

  private final ConnectionDirectory directory;
  private final DeadlineQueue deadlines;
  private final Answers answers;
  private final StreamActions actions;
  private final TurnCounters counters;
  private final Map<DataConnectionId, PeerConnection> byId = new HashMap<>();

  PeerConnections(
      ConnectionDirectory directory,
      DeadlineQueue deadlines,
      Answers answers,
      StreamActions actions,
      TurnCounters counters) {
    this.directory = directory;
    this.deadlines = deadlines;
    this.answers = answers;
    this.actions = actions;
    this.counters = counters;
  }

  int size() {
    return byId.size();
  }

  @Nullable PeerConnection of(DataConnectionId id) {
    return byId.get(id);
  }

  /** A connection that is being made. */
  PeerConnection begin(
      Allocation allocation, TransportAddress peer, PeerConnection.Request request, long nowNanos) {
    PeerConnection connection = enter(allocation, peer, request);
    deadlines.schedule(connection, nowNanos + CONNECT_NANOS);
    return connection;
  }

  /** A connection that a peer made. */
  PeerConnection accepted(Allocation allocation, TransportAddress peer, long nowNanos) {
    PeerConnection connection = enter(allocation, peer, null);
    made(connection, nowNanos);
    return connection;
  }

  private PeerConnection enter(
      Allocation allocation, TransportAddress peer, PeerConnection.@Nullable Request request) {
    DataConnectionId id =
        directory.enter(allocation.info().principal().user(), allocation.client());
    PeerConnection connection = new PeerConnection(id, allocation, peer, this, request);
    byId.put(id, connection);
    allocation.connections().put(peer, connection);
    return connection;
  }

  /** The connection stands, and can be bound to for a while. */
  void made(PeerConnection connection, long nowNanos) {
    counters.tally(Event.PEER_CONNECTED);
    directory.offer(connection.id());
    deadlines.schedule(connection, nowNanos + BIND_NANOS);
  }

  /** A client's connection is bound to it, so there is no hurry any more. */
  void bound(PeerConnection connection) {
    connection.bound();
    counters.tally(Event.CONNECTION_BOUND);
    deadlines.cancel(connection);
  }

  /** The time to connect, or to be bound to, is over. */
  void due(PeerConnection connection, long nowNanos) {
    if (connection.isConnecting()) {
      failed(connection, nowNanos);
      actions.close(connection.id());
    } else if (!directory.isClaimed(connection.id())) {
      counters.tally(Event.CONNECTION_UNBOUND);
      end(connection);
      actions.close(connection.id());
    }
    // Otherwise the client was in time, and its connection is on its way from another shard.
  }

  /** The peer could not be reached; the shell has nothing to close. */
  void failed(PeerConnection connection, long nowNanos) {
    PeerConnection.Request request = connection.takeRequest();
    end(connection);
    if (request != null) {
      answers.answer(
          request.exchange(),
          request.caller(),
          Reply.Failure.of(Fault.CONNECTION_FAILED),
          nowNanos);
    }
  }

  /** Forgets a connection that the shell has closed, or is about to. */
  void end(PeerConnection connection) {
    deadlines.cancel(connection);
    directory.leave(connection.id());
    byId.remove(connection.id());
    connection.allocation().connections().remove(connection.peer());
  }

  /** RFC 6062 §5.5: the connections of an allocation end with it. */
  void endOf(Allocation allocation) {
    if (allocation.relaysTcp()) {
      for (PeerConnection connection : List.copyOf(allocation.connections().values())) {
        end(connection);
        actions.close(connection.id());
      }
    }
  }
}
