package org.bradawl.turn.server;

import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Leave to exchange data with one peer address (RFC 8656 §9). Stays as long as a channel needs it,
 * but allows nothing once its time is over.
 */
final class Permission {

  private final IpAddress address;
  private boolean guarded;
  private long expiresNanos;
  private int channels;
  private TransportAddress lastPeer;
  private @Nullable TransportAddress routedPeer;
  private @Nullable TransportAddress route;
  private long routeVersion;

  /**
   * A permission.
   *
   * @param guarded whether each datagram's port has to be looked at too, see {@link PeerGate}
   */
  Permission(TransportAddress peer, boolean guarded, long expiresNanos) {
    this.address = peer.address();
    this.guarded = guarded;
    this.expiresNanos = expiresNanos;
    this.lastPeer = peer;
  }

  IpAddress address() {
    return address;
  }

  boolean guarded() {
    return guarded;
  }

  void guarded(boolean guarded) {
    this.guarded = guarded;
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

  void channelBound() {
    channels++;
  }

  void channelGone() {
    channels--;
  }

  /** Whether nothing needs it any more. */
  boolean isOver(long nowNanos) {
    return channels == 0 && !isLive(nowNanos);
  }

  /**
   * Where datagrams for this peer go, or null if it must not be reached. The gate's last answer
   * stands until what it rests on has changed.
   */
  @SuppressWarnings("ReferenceEquality") // for another object of equal value the gate is asked
  @Nullable TransportAddress route(TransportAddress peer, PeerGate gate) {
    long version = gate.version();
    if (peer != routedPeer || version != routeVersion) {
      route = gate.route(peer);
      routedPeer = peer;
      routeVersion = version;
    }
    return route;
  }

  /** The peer at this port; the last one asked for is kept, so that a flow makes no objects. */
  TransportAddress at(int port) {
    if (lastPeer.port() != port) {
      lastPeer = new TransportAddress(address, port);
    }
    return lastPeer;
  }
}
