package org.bradawl.server.signaling.control;

import java.util.function.BiConsumer;

/**
 * Passes on who has left, or lost the connection, to somebody who comes to know of it a little
 * later than we do.
 */
final class Departures implements BiConsumer<String, String> {

  private BiConsumer<String, String> listener = (peer, session) -> {};

  void tell(BiConsumer<String, String> newListener) {
    listener = newListener;
  }

  @Override
  public void accept(String peer, String session) {
    listener.accept(peer, session);
  }
}
