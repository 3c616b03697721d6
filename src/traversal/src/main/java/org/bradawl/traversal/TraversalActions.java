package org.bradawl.traversal;

import java.nio.ByteBuffer;
import org.bradawl.stun.TransportAddress;

/**
 * What one side of a traversal wants done. Socket {@link Traversal#MAIN} exists from the start; the
 * others are numbers of the traversal's choosing.
 */
public interface TraversalActions {

  /** Open a UDP socket on a fresh port; then {@link Traversal#opened}. */
  void open(int socket);

  /**
   * Send a datagram.
   *
   * @param ttl how many hops it may see; 0 for the usual
   */
  void send(int socket, TransportAddress to, int ttl, ByteBuffer datagram);

  /**
   * Connect over TCP from the one port that is also listened on; then {@link Traversal#connected}
   * or {@link Traversal#connectionFailed}.
   *
   * @param ttl how many hops its first SYN may see, to open the own NAT and wait for the peer's
   *     SYN; 0 for the usual
   */
  void connect(int connection, TransportAddress to, int ttl);

  /** Send a message over an established connection. */
  void sendOver(int connection, ByteBuffer message);

  /** Tell the peer; the server adds when to begin. */
  void publish(Preparation preparation);

  /** Set up relaying; then {@link Traversal#relayed}. */
  void relay();

  /** It is over; sockets and connections other than the outcome's can be closed. */
  void finished(Outcome outcome);
}
