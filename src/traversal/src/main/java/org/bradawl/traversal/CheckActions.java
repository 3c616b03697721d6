package org.bradawl.traversal;

import java.nio.ByteBuffer;
import org.bradawl.stun.TransportAddress;

/** What {@link Checks} wants done. */
public interface CheckActions {

  /**
   * Send a datagram.
   *
   * @param ttl how many hops it may see; 0 for the usual
   */
  void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram);

  /** Both sides have agreed on this path. */
  void selected(Checks.Path path);
}
