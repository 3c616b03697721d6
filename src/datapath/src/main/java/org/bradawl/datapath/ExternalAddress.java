package org.bradawl.datapath;

import org.bradawl.stun.IpAddress;

/** One entry of {@code bradawl.relay.external-address}: what clients are told instead. */
public sealed interface ExternalAddress {

  /** The address or name that clients are told. */
  default String host() {
    return switch (this) {
      case Literal(IpAddress address) -> address.toString();
      case Name(String name) -> name;
      case Pair(IpAddress inside, ExternalAddress outside) -> outside.host();
    };
  }

  /** An address that stays. */
  record Literal(IpAddress address) implements ExternalAddress {}

  /** A DNS name, resolved at start and again and again after that. */
  record Name(String name) implements ExternalAddress {}

  /**
   * What stands for one relay address alone.
   *
   * @param inside where relay sockets are bound
   * @param outside an address or a name
   */
  record Pair(IpAddress inside, ExternalAddress outside) implements ExternalAddress {}
}
