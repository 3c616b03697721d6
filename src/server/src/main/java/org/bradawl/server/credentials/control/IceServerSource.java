package org.bradawl.server.credentials.control;

/** Hands out ICE servers. Answers from memory and may be asked from any thread. */
public interface IceServerSource {

  /**
   * The ICE servers for a peer that {@link PeerAdmission} admitted, with fresh credentials whose
   * user name lets a relay session be attributed to the application and the peer, and ended with
   * the application key.
   */
  IceServers iceServers(Admission.Admitted admitted, Reached reached);
}
