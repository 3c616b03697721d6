package org.bradawl.signaling;

/** Hears of sessions; called under the exchange's lock, so it must return at once. */
public interface SessionListener {

  /** A listener that does nothing. */
  SessionListener NONE =
      new SessionListener() {
        @Override
        public void started(String peer, String session) {}

        @Override
        public void ended(String peer, String session) {}
      };

  /** A peer has a new session. */
  void started(String peer, String session);

  /** A peer's session ended, for whatever reason. */
  void ended(String peer, String session);
}
