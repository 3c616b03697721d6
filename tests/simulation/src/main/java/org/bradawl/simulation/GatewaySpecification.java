package org.bradawl.simulation;

import java.util.List;
import org.bradawl.stun.IpAddress;

/** A router to build between two realms. */
public sealed interface GatewaySpecification permits NatSpecification, LinuxRouterSpecification {

  /**
   * Builds the router, connects it to both realms and starts it.
   *
   * @param externalAddresses its own in {@code outer}; the first is the usual one
   */
  Node between(Realm inner, Realm outer, List<IpAddress> externalAddresses);
}
