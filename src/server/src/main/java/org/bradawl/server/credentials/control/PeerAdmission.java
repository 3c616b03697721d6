package org.bradawl.server.credentials.control;

/**
 * Decides who may act as a peer. Answers from memory, never waits for the database, and may be
 * asked from any thread.
 */
public interface PeerAdmission {

  /**
   * Checks a peer token, or an application key with the peer id that goes with it.
   *
   * <p>Wrong credentials are counted against the client's address, and too many of them close it
   * for a while; a missing or an expired credential is not counted, for it guesses nothing.
   */
  Admission admit(Presented presented);
}
