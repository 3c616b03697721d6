package org.bradawl.turn.server;

import org.bradawl.stun.IpAddress.Family;

/**
 * One of the relayed addresses of an allocation (RFC 8656 §5): of a dual one the second, while
 * there are two.
 *
 * @param expiresNanos when it goes unless refreshed; a Refresh may be about one family only (§8)
 */
record Leg(RelayPort port, RelayId relay, long expiresNanos) {

  Family family() {
    return port.relayAddress().local().family();
  }

  boolean isLive(long nowNanos) {
    return expiresNanos - nowNanos > 0;
  }
}
