package org.bradawl.traversal;

import java.time.Duration;
import org.bradawl.stun.TransportAddress;

/** How a traversal ended. */
public sealed interface Outcome {

  /** How long it took from the start of the plan. */
  Duration took();

  /**
   * There is a path.
   *
   * @param step what led there
   * @param socket the socket or connection of ours that it begins at
   * @param remote the peer's endpoint as we see it
   */
  record Connected(
      Step step, Transport transport, int socket, TransportAddress remote, Duration took)
      implements Outcome {}

  /** What is left is the relay. */
  record Relayed(Step step, Duration took) implements Outcome {}

  /** Nothing is left. */
  record Failed(Duration took) implements Outcome {}
}
