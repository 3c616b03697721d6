package org.bradawl.turn.server;

import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AllocationView.ConnectionState;
import org.jspecify.annotations.Nullable;

/** A TCP connection with a peer, of an allocation that relays TCP (RFC 6062 §3). */
final class PeerConnection extends Timed {

  /** The Connect request that waits for it. */
  record Request(Exchange exchange, Caller caller) {}

  private final DataConnectionId id;
  private final Allocation allocation;
  private final TransportAddress peer;
  private final PeerConnections owner;
  private @Nullable Request request;
  private boolean bound;
  private long bytesUp;
  private long bytesDown;

  /**
   * A connection.
   *
   * @param peer as the client knows it
   * @param request which asked for it; null when the peer connected
   */
  PeerConnection(
      DataConnectionId id,
      Allocation allocation,
      TransportAddress peer,
      PeerConnections owner,
      @Nullable Request request) {
    this.id = id;
    this.allocation = allocation;
    this.peer = peer;
    this.owner = owner;
    this.request = request;
  }

  DataConnectionId id() {
    return id;
  }

  Allocation allocation() {
    return allocation;
  }

  TransportAddress peer() {
    return peer;
  }

  boolean isConnecting() {
    return request != null;
  }

  /** The request that waits, which from now on does not wait any more. */
  @Nullable Request takeRequest() {
    Request taken = request;
    request = null;
    return taken;
  }

  /** A client's connection is bound to it. */
  void bound() {
    bound = true;
  }

  /** The client has sent this much to the peer. */
  void up(int bytes) {
    allocation.up(bytes);
    bytesUp += bytes;
  }

  /** The peer has sent this much to the client. */
  void down(int bytes) {
    allocation.down(bytes);
    bytesDown += bytes;
  }

  AllocationView.Connection view() {
    ConnectionState state =
        isConnecting()
            ? ConnectionState.CONNECTING
            : bound ? ConnectionState.BOUND : ConnectionState.UNBOUND;
    return new AllocationView.Connection(peer, state, bytesUp, bytesDown);
  }

  @Override
  void due(long nowNanos) {
    owner.due(this, nowNanos);
  }
}
