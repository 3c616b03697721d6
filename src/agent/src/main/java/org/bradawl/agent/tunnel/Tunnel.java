package org.bradawl.agent.tunnel;

import java.io.IOException;
import java.util.Map;

/** An encrypted connection to a peer that is who signaling said. */
public interface Tunnel extends Leaving {

  /**
   * Opens a stream.
   *
   * @param purpose what its first line says
   */
  Duplex open(Map<String, ?> purpose) throws IOException;
}
