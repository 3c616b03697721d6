package org.bradawl.nat;

import java.time.Duration;
import org.bradawl.stun.TransportAddress;

/**
 * What to ask and how long.
 *
 * @param server any address of an RFC 5780 server
 * @param tcp whether to examine the mapping of TCP too
 * @param limit after which whatever is open stays unknown
 */
public record DiscoverySettings(TransportAddress server, boolean tcp, Duration limit) {

  /** A user who waits for a verdict gives it about three seconds. */
  public static final Duration USUAL_LIMIT = Duration.ofSeconds(3);

  /** UDP only, within the usual time. */
  public static DiscoverySettings of(TransportAddress server) {
    return new DiscoverySettings(server, false, USUAL_LIMIT);
  }

  /** The same with TCP. */
  public DiscoverySettings withTcp() {
    return new DiscoverySettings(server, true, limit);
  }
}
