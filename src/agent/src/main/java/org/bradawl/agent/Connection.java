package org.bradawl.agent;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.bradawl.agent.path.Path;
import org.bradawl.agent.tunnel.Duplex;

/** An encrypted connection to a peer, whichever way it takes at the moment. */
public interface Connection extends AutoCloseable {

  /** Whom it goes to. */
  String peer();

  /** The way in use; empty while a new one is being found. */
  Optional<Path> path();

  /** How long the last check over the way in use took. */
  OptionalLong roundTripNanos();

  /** Opens a stream for something. */
  Duplex open(Map<String, ?> purpose) throws IOException;

  /** Asks the server for another, better way. */
  void improve();

  /** Whether it is over. */
  boolean isOver();

  @Override
  void close();
}
