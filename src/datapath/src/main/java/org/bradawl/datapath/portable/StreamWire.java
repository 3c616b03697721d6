package org.bradawl.datapath.portable;

import java.nio.channels.ByteChannel;

/**
 * How the bytes of a stream client reach the network and come from it: as they are, or secured.
 * Never blocks; a read of 0 bytes and a write of fewer than given mean "not now".
 */
interface StreamWire extends ByteChannel {

  /**
   * What to wait for at the socket, as selection key operations.
   *
   * @param output whether the client has something to write
   */
  int interest(boolean output);

  /** Whether something was written that the socket has not taken yet. */
  boolean unsent();
}
