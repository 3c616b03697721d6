package org.bradawl.agent.path;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Transport;

/**
 * One way to a peer that has been seen to work.
 *
 * @param method how it was found
 * @param local our end
 * @param remote the peer's end as we see it
 * @param reason why this way, for people
 * @param out sends a datagram; may be called from any thread
 * @param close gives back what the way alone needs
 */
public record Path(
    Method method,
    Transport transport,
    TransportAddress local,
    TransportAddress remote,
    String reason,
    Consumer<ByteBuffer> out,
    Runnable close) {

  /** How it was found, as the word that programs read. */
  public String label() {
    return method.label();
  }

  /** The peer's end in writing. */
  public String remoteText() {
    return remote.toString();
  }

  /** Whether the server carries everything. */
  public boolean isRelayed() {
    return method == Method.RELAY;
  }
}
