package org.bradawl.signaling;

import java.util.Optional;
import org.bradawl.signaling.ClientFrame.Payload;

/** What a frame asks of the shell, to be done without the exchange's lock. */
public sealed interface Followup {

  /** Nothing to do. */
  record Nothing() implements Followup {}

  /** Mint ICE servers and answer with {@link ServerFrames#iceServers}. */
  record MintIceServers(Optional<String> id) implements Followup {}

  /** Give a frame to what plans how native peers get through to each other. */
  record Plan(Payload frame, Optional<String> id) implements Followup {}

  /** Take a report down and answer with {@link ServerFrames#reported} or an error. */
  record TakeReport(Payload traversal, Optional<String> id) implements Followup {}
}
