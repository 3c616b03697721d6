package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;

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

  /**
   * What to wait for at the socket of a connection that is not always read.
   *
   * @param input whether input is wanted
   * @param output whether the client has something to write
   */
  default int interest(boolean input, boolean output) {
    int both = interest(output);
    return input ? both : both & ~SelectionKey.OP_READ;
  }

  /**
   * Whether a read would give something that the socket no longer has, and so will not announce.
   */
  default boolean hasInput() {
    return false;
  }

  /** Ends this side's output, after what was written; input goes on. */
  void finishOutput() throws IOException;

  /** Whether something was written that the socket has not taken yet. */
  boolean unsent();
}
