package org.bradawl.datapath.portable;

import java.io.IOException;
import org.bradawl.turn.server.StunTurnServer;

/** What a selection key of a shard stands for. */
interface Selected {

  /**
   * The socket is ready for what its key is interested in.
   *
   * @param now the time of this turn
   * @throws IOException if the socket is of no use any more; {@link #failed} follows
   */
  void ready(StunTurnServer machine, long now) throws IOException;

  /** The socket, or what it led to in the machine, failed: give up what belongs to it. */
  void failed(StunTurnServer machine, long now);
}
