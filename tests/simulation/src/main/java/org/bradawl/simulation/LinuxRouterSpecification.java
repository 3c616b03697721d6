package org.bradawl.simulation;

import java.time.Duration;
import java.util.List;
import org.bradawl.stun.IpAddress;

/**
 * A Linux box with {@code masquerade} and nothing that drops what arrives for the box itself. It
 * preserves ports and filters by address and port, but a packet from a stranger is delivered to the
 * box and so enters connection tracking: when a host inside then writes to that stranger from the
 * same port, the tuple is taken and the host's port changes (6000 becomes 48589).
 *
 * @param udpLifetime idle time of an entry: 30 s while unanswered, which is what matters here
 */
public record LinuxRouterSpecification(Duration udpLifetime) implements GatewaySpecification {

  /** The naive router with the kernel's own {@code nf_conntrack_udp_timeout}. */
  public static LinuxRouterSpecification naive() {
    return new LinuxRouterSpecification(Duration.ofSeconds(30));
  }

  @Override
  public LinuxRouter between(Realm inner, Realm outer, List<IpAddress> externalAddresses) {
    return new LinuxRouter(this, inner, outer, externalAddresses.getFirst());
  }
}
