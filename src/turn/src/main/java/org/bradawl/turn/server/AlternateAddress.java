package org.bradawl.turn.server;

import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * Two addresses of this server that together let a client find out how its NAT behaves (RFC 5780
 * §6): both are listened on, over UDP and TCP, at both ports.
 */
public record AlternateAddress(
    IpAddress primary, IpAddress alternate, int port, int alternatePort) {

  /** Rejects addresses or ports that do not differ, and two families. */
  public AlternateAddress {
    if (primary.equals(alternate) || port == alternatePort) {
      throw new IllegalArgumentException("the alternate address and port must differ");
    }
    if (primary.family() != alternate.family()) {
      throw new IllegalArgumentException("the alternate address must be of the same family");
    }
  }

  /** Whether {@code server} is one of the four transport addresses. */
  boolean covers(TransportAddress server) {
    return (server.address().equals(primary) || server.address().equals(alternate))
        && (server.port() == port || server.port() == alternatePort);
  }

  /** The one of the four that differs from {@code server} in what is asked for. */
  TransportAddress change(TransportAddress server, boolean changeAddress, boolean changePort) {
    IpAddress otherAddress = server.address().equals(primary) ? alternate : primary;
    int otherPort = server.port() == port ? alternatePort : port;
    return new TransportAddress(
        changeAddress ? otherAddress : server.address(), changePort ? otherPort : server.port());
  }
}
