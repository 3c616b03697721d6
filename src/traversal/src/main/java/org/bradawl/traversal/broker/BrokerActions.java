package org.bradawl.traversal.broker;

import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.frame.FromServer;

/** What a {@link Broker} asks of its shell. Calls come during an input and must return at once. */
public interface BrokerActions {

  /** Send a frame to a peer, if it is connected; a broker sends again what matters. */
  void tell(String peer, FromServer frame);

  /**
   * Look for what is kept of a peer in a network, and of others there if that is nothing fresh;
   * then {@link Broker#profileFound}.
   */
  void lookUpProfile(String peer, Network network);

  /** Keep a profile. */
  void keep(String peer, Profile profile);

  /** Keep a traversal that has ended. */
  void keep(MeetingRecord meeting);

  /** Whether an endpoint is one that this server relays at. */
  boolean isRelayed(TransportAddress endpoint);
}
