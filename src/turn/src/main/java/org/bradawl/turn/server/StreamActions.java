package org.bradawl.turn.server;

import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;

/**
 * What a machine asks of its shell to relay TCP (RFC 6062). The machine decides who may be
 * connected to whom, and for how long; the bytes never pass it. The shell moves them, and takes no
 * more from one side than it gets rid of on the other.
 */
public interface StreamActions {

  /** A shell without stream clients: nothing of this is ever asked of it. */
  StreamActions NONE =
      new StreamActions() {
        @Override
        public void listen(RelayId relay, TransportAddress local) {
          throw new IllegalStateException("a datagram client cannot have TCP relayed");
        }

        @Override
        public void connect(DataConnectionId id, RelayId relay, TransportAddress peer) {
          throw new IllegalStateException("a datagram client cannot have TCP relayed");
        }

        @Override
        public void close(DataConnectionId id) {
          throw new IllegalStateException("a datagram client cannot have TCP relayed");
        }

        @Override
        public void bind(FiveTuple client, DataConnectionId id) {
          throw new IllegalStateException("a datagram client cannot have TCP relayed");
        }
      };

  /**
   * Listens at {@code local} in such a way that connections can leave from there, too. Answered as
   * {@link ServerActions#openRelay} is, and undone by {@link ServerActions#closeRelay}. What comes
   * in is told by {@link StunTurnServer#peerConnected}.
   */
  void listen(RelayId relay, TransportAddress local);

  /**
   * Connects from the address of {@code relay} to {@code peer}. Answered, once and never from
   * within this call, by {@link StunTurnServer#connectSucceeded} or {@link
   * StunTurnServer#connectFailed}, unless {@link #close} comes first.
   */
  void connect(DataConnectionId id, RelayId relay, TransportAddress peer);

  /** Closes a connection with a peer, and the client's that is bound to it; in whatever state. */
  void close(DataConnectionId id);

  /**
   * Makes of a client's connection the other half of a peer's, which may be another shard's. After
   * what was sent to the client so far, and after what the client sent behind its request, only the
   * peer's bytes follow. Whose the peer's connection is asks {@link StunTurnServer#clientBound}
   * before any byte moves.
   */
  void bind(FiveTuple client, DataConnectionId id);
}
