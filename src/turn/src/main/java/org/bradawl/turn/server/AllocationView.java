package org.bradawl.turn.server;

import java.util.List;
import org.bradawl.stun.TransportAddress;

/**
 * An allocation as it is at one moment.
 *
 * @param relayed its relayed transport addresses as told to the client: one, or of a dual
 *     allocation one of each family (RFC 8656 §5)
 * @param expiresNanos when it ends unless refreshed, in monotonic time
 * @param permissions how many peer addresses it may exchange data with
 * @param channels how many channels are bound
 * @param relaysTcp whether it relays TCP (RFC 6062) instead of UDP
 * @param connections its TCP connections with peers; none if it relays UDP
 * @param traffic all of it; that of connections which are over included
 */
public record AllocationView(
    AllocationInfo info,
    List<TransportAddress> relayed,
    long expiresNanos,
    int permissions,
    int channels,
    boolean relaysTcp,
    List<Connection> connections,
    Traffic traffic) {

  /** Copies the lists. */
  public AllocationView {
    relayed = List.copyOf(relayed);
    connections = List.copyOf(connections);
  }

  /**
   * A TCP connection with a peer.
   *
   * @param peer as the client knows it
   * @param bytesUp from the client to the peer
   * @param bytesDown from the peer to the client
   */
  public record Connection(
      TransportAddress peer, ConnectionState state, long bytesUp, long bytesDown) {}

  /** How far a connection with a peer is. */
  public enum ConnectionState {
    /** The peer has not answered yet. */
    CONNECTING,
    /** It stands, and no connection of the client is bound to it yet. */
    UNBOUND,
    /** A connection of the client is bound to it, and bytes move. */
    BOUND
  }
}
