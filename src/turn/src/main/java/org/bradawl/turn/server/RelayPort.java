package org.bradawl.turn.server;

import org.bradawl.stun.TransportAddress;

/** A port lent from the pool of a relay address. */
public record RelayPort(RelayAddress relayAddress, int port) {

  /** What the socket is bound to. */
  public TransportAddress bound() {
    return new TransportAddress(relayAddress.local(), port);
  }

  /** What clients are told. */
  public TransportAddress advertised() {
    return new TransportAddress(relayAddress.advertised(), port);
  }
}
