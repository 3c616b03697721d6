package org.bradawl.stun;

/**
 * What a client is to a server: the transport, the server's address it talks to, and its own as the
 * server sees it (RFC 8656 §2.2, "5-tuple"). A message to the client leaves from {@code server} to
 * {@code client}.
 */
public record FiveTuple(Transport transport, TransportAddress server, TransportAddress client) {

  /** Clients differ; the server's address is nearly always the same. */
  @Override
  public int hashCode() {
    return (client.hashCode() * 31 + server.port()) * 31 + transport.hashCode();
  }

  /** How the client reached the server. */
  public enum Transport {
    UDP,
    TCP,
    /** Over TCP (RFC 8489 §6.2.3). */
    TLS,
    /** Over UDP (RFC 8489 §6.2.3). */
    DTLS;

    /** Whether messages arrive in order and once, and the server may hang up. */
    public boolean isStream() {
      return switch (this) {
        case UDP, DTLS -> false;
        case TCP, TLS -> true;
      };
    }
  }
}
