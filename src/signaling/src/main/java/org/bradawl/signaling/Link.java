package org.bradawl.signaling;

/**
 * The way to one connected client, implemented by the shell. Called during calls of {@link
 * Exchange}, that is under the exchange's lock: an implementation queues and returns; it never
 * blocks, fails, or calls the exchange.
 */
public interface Link {

  /** Queues a text frame. */
  void send(String frame);

  /**
   * Closes with this code once what is queued is written. Nothing is sent to the link afterwards.
   */
  void close(Closing closing);
}
