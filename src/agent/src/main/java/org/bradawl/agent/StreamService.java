package org.bradawl.agent;

import java.io.IOException;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.tunnel.Duplex;

/** What a listening agent does with the streams that peers open. */
@FunctionalInterface
public interface StreamService {

  /** A peer has opened a stream; runs on a thread of its own. */
  void serve(String peer, Json purpose, Duplex stream) throws IOException;
}
