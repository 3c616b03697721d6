package org.bradawl.nat;

import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/**
 * What a discovery wants done. Sockets and connections are numbers of the discovery's choosing;
 * whoever does it reports back with the same numbers, at once or later, from the same thread.
 */
public interface DiscoveryActions {

  /** Open a UDP socket on a fresh port; then {@link Discovery#opened}. */
  void open(int socket);

  /** Send a request; losses are the discovery's business. */
  void send(int socket, TransportAddress to, StunMessage request);

  /**
   * Connect over TCP, every connection from one and the same local port; then {@link
   * Discovery#connected} or {@link Discovery#connectionFailed}.
   */
  void connect(int connection, TransportAddress to);

  /** Send a request over an established connection. */
  void sendOver(int connection, StunMessage request);

  /** The discovery is over; its sockets and connections can be closed. */
  void finished(Report report);
}
