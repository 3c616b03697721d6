package org.bradawl.traversal.ice;

import java.nio.ByteBuffer;
import org.bradawl.stun.TransportAddress;

/** What an {@link IceAgent} wants done. */
public interface IceActions {

  /**
   * Send a datagram, or a message over the TCP connection between the two, which is made for the
   * first one.
   */
  void send(int socket, TransportAddress to, ByteBuffer datagram);

  /** Both sides have agreed on this pair; a controlled side may be told of a better one later. */
  void selected(IceAgent.Selected pair);

  /** No pair works, or the peer's consent to the one that did has run out. */
  void failed(IceAgent.Failure why);
}
