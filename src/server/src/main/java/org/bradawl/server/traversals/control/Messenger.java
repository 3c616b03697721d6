package org.bradawl.server.traversals.control;

/** Brings a frame to a peer. */
public interface Messenger {

  /**
   * Sends a frame to a peer, if it is connected. Takes a lock of its own; see {@link Brokerage}.
   */
  void tell(String application, String peer, String frame);
}
