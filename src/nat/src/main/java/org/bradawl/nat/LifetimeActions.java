package org.bradawl.nat;

import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/** What a {@link LifetimeSearch} wants done. */
public interface LifetimeActions {

  /** Open a UDP socket on a fresh port; it can be used at once. */
  void open(int socket);

  /** Send a request; losses are the search's business. */
  void send(int socket, TransportAddress to, StunMessage request);

  /** The search is over; its sockets can be closed. */
  void finished(LifetimeSearch.Found found);
}
