package org.bradawl.signaling;

/** Hears of sessions; called under the exchange's lock, so it must return at once. */
public interface SessionListener {

  /** A peer has a new session. */
  void started(String peer, String session);

  /** A peer's connection is lost, and its session waits for another. */
  void lost(String peer, String session);

  /**
   * A peer's session ended.
   *
   * @param reason as in {@link Closing#wire}, or {@code expired} when nobody resumed it in time
   */
  void ended(String peer, String session, String reason);
}
