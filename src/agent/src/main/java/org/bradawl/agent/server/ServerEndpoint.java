package org.bradawl.agent.server;

import org.bradawl.stun.TransportAddress;

/** Where a STUN or TURN server may listen, and how to speak to it. */
public record ServerEndpoint(Over over, TransportAddress address) {

  /** The transport between client and server. */
  public enum Over {
    UDP,
    TCP,
    TLS,
    DTLS
  }
}
