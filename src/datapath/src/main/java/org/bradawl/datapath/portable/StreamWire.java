package org.bradawl.datapath.portable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.util.Optional;
import org.bradawl.datapath.Shard;

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

  /**
   * Writes what {@link #unsent} speaks of.
   *
   * @return how many bytes of it
   */
  default int push() throws IOException {
    return 0;
  }

  /** Whether something was written that the socket has not taken yet. */
  boolean unsent();

  /** Whether nothing can be exchanged yet, because both ends are still agreeing on keys. */
  default boolean handshaking() {
    return false;
  }

  /** The name of the server that the client asked for, once that is known. */
  default Optional<String> serverName() {
    return Optional.empty();
  }

  /** Whether the client may send this message, after what it said about itself before. */
  default boolean permits(ByteBuffer message) {
    return true;
  }

  /** From here on what is written is any bytes, not messages of STUN and TURN. */
  default void unframed() {}

  /** Hears of it when reading may go on after a step that was taken on another thread. */
  default void resumeWith(Shard.Command resume) {}

  /**
   * Whether no step is under way on another thread, so that another shard may take the wire over.
   */
  default boolean settled() {
    return true;
  }

  /** From here on it is used on the thread of the shard that {@code desk} belongs to. */
  default void movedTo(TlsDesk desk) {}
}
