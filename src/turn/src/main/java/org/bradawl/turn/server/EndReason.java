package org.bradawl.turn.server;

/** Why an allocation ended. */
public enum EndReason {
  /** It was not refreshed in time. */
  EXPIRED,
  /** The client released it: Refresh with a lifetime of zero. */
  RELEASED,
  /** The client's connection is gone. */
  CLIENT_GONE,
  /** The credential it was made with has expired. */
  CREDENTIAL_EXPIRED,
  /** Its user's credential was taken back. */
  CREDENTIAL_REVOKED,
  /** An administrator ended it. */
  ADMIN,
  /** The relay socket failed. */
  RELAY_FAILED,
  /** The server stops. */
  SHUTDOWN
}
