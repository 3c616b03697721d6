package org.bradawl.turn.server;

import org.bradawl.stun.TransportAddress;

/**
 * Keeps a reserved port from every other program of the machine (RFC 8656 §7.2) until its token is
 * redeemed. Answers at once; safe for threads.
 */
public interface PortHold {

  /** A hold for tests and for places without other programs: always succeeds. */
  PortHold NONE =
      new PortHold() {
        @Override
        public boolean hold(TransportAddress local) {
          return true;
        }

        @Override
        public void release(TransportAddress local) {}
      };

  /** Takes a port; false if another program has it. */
  boolean hold(TransportAddress local);

  /** Lets a port go, so that a relay socket can be bound to it or anybody may have it. */
  void release(TransportAddress local);
}
