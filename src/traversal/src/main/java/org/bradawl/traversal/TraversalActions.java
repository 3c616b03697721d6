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
   * Listen on a fresh TCP port, which is connected from too; then {@link Traversal#opened}, and
   * {@link Traversal#accepted} for each connection.
   */
  void openTcp(int socket);

  /**
   * Connect over TCP from the port of a socket, which is also listened on; then {@link
   * Traversal#connected} or {@link Traversal#connectionFailed}.
   *
   * @param ttl how many hops its first SYN may see, to open the own NAT and wait for the peer's
   *     SYN; 0 for the usual
   */
  void connect(int connection, int socket, TransportAddress to, int ttl);

  /** The same to one of the server's endpoints, for STUN as RFC 8489 §6.2.2 frames it. */
  void ask(int connection, int socket, TransportAddress server);

  /** Send a message over an established connection. */
  void sendOver(int connection, ByteBuffer message);

  /** Tell the peer; the server adds when to begin. */
  void publish(Preparation preparation);

  /** Set up relaying; then {@link Traversal#relayed}. */
  void relay();

  /** It is over; sockets and connections other than the outcome's can be closed. */
  void finished(Outcome outcome);
}
