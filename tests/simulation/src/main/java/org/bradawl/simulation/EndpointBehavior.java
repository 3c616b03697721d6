package org.bradawl.simulation;

import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** How far a NAT looks at the remote side when it maps (RFC 4787 §4.1) or filters (§5). */
public enum EndpointBehavior {
  ENDPOINT_INDEPENDENT,
  ADDRESS_DEPENDENT,
  ADDRESS_AND_PORT_DEPENDENT;

  /** The address that stands for every remote endpoint. */
  private static final TransportAddress ANYONE = new TransportAddress(IpAddress.v4(0), 0);

  /** The part of {@code remote} that matters under this behaviour. */
  TransportAddress keyOf(TransportAddress remote) {
    return switch (this) {
      case ENDPOINT_INDEPENDENT -> ANYONE;
      case ADDRESS_DEPENDENT -> new TransportAddress(remote.address(), 0);
      case ADDRESS_AND_PORT_DEPENDENT -> remote;
    };
  }
}
