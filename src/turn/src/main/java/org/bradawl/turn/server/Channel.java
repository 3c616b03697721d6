package org.bradawl.turn.server;

import org.bradawl.stun.TransportAddress;

/** A channel number bound to a peer (RFC 8656 §12). */
final class Channel {

  private final int number;
  private final TransportAddress peer;
  private final Permission permission;
  private long expiresNanos;

  Channel(int number, TransportAddress peer, Permission permission, long expiresNanos) {
    this.number = number;
    this.peer = peer;
    this.permission = permission;
    this.expiresNanos = expiresNanos;
  }

  int number() {
    return number;
  }

  TransportAddress peer() {
    return peer;
  }

  Permission permission() {
    return permission;
  }

  boolean isLive(long nowNanos) {
    return expiresNanos - nowNanos > 0;
  }

  long expiresNanos() {
    return expiresNanos;
  }

  void refresh(long untilNanos) {
    expiresNanos = untilNanos;
  }
}
