package org.bradawl.turn.client;

import java.nio.ByteBuffer;
import org.bradawl.stun.TransportAddress;

/** What a {@link TurnClient} wants done. */
public interface RelayActions {

  /** Send a datagram to the server. */
  void toServer(ByteBuffer datagram);

  /** The allocation stands; peers write to {@code relayed}. */
  void allocated(TransportAddress relayed);

  /** A peer's packets come in and ours go out, over a channel; said again at each renewal. */
  void bound(TransportAddress peer);

  /** A peer has written; the buffer is valid during the call. */
  void fromPeer(TransportAddress peer, ByteBuffer payload);

  /** There is no allocation, or not any more, in words for people. */
  void failed(String why);
}
