package org.bradawl.agent.portmapping;

import java.io.IOException;
import java.time.Duration;

/** One way to ask a router. */
interface Protocol {

  /** Whether the router understands; sends as little as shows it. */
  boolean isSpoken() throws IOException;

  /**
   * Opens or renews an external UDP port for an internal one.
   *
   * @throws IOException if the router does not answer, or refuses
   */
  Mapping open(int port, Duration lifetime) throws IOException;

  /** Takes it back. */
  void close(int port) throws IOException;
}
