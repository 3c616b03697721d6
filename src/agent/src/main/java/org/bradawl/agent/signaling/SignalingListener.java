package org.bradawl.agent.signaling;

import org.bradawl.agent.AgentException;
import org.bradawl.agent.json.Json;

/** What comes from the server; called on the loop's thread. */
public interface SignalingListener {

  /** A connection stands; {@code resumed} says whether it goes on with the session before. */
  void welcomed(Json welcome, boolean resumed);

  /** Any other frame. */
  void received(Json frame);

  /** The connection is lost and being made again. */
  void lost(String why);

  /** It is over for good. */
  void over(AgentException why);
}
