package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import org.bradawl.stun.FiveTuple;

/** Who sits at the client's end of some paths. */
interface SimulatedParty {

  /** A message has arrived. */
  void receive(FiveTuple path, ByteBuffer message);

  /** The server closed the connection. */
  void hungUp(FiveTuple path);
}
