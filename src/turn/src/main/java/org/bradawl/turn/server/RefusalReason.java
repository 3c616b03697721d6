package org.bradawl.turn.server;

/** Why the shell could not open a relay socket. */
public enum RefusalReason {
  /** Another program holds the port; the machine tries another one. */
  PORT_TAKEN,
  /** The address cannot be bound, or descriptors have run out; trying again is of no use. */
  UNAVAILABLE
}
