package org.bradawl.datapath;

import org.bradawl.stun.IpAddress;

/** One entry of {@code bradawl.relay.external-address}: what clients are told instead. */
public sealed interface ExternalAddress {

  /** An address that stays. */
  record Literal(IpAddress address) implements ExternalAddress {}

  /** A DNS name, resolved at start and again and again after that. */
  record Name(String name) implements ExternalAddress {}
}
