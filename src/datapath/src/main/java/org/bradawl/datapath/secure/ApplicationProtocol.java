package org.bradawl.datapath.secure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client says over TLS and DTLS that it wants to do (ALPN, RFC 7443 §4). */
public enum ApplicationProtocol {
  TURN("stun.turn"),
  NAT_DISCOVERY("stun.nat-discovery");

  private final String label;

  ApplicationProtocol(String label) {
    this.label = label;
  }

  /** As registered with IANA. */
  public String label() {
    return label;
  }

  /** Ours that the client offers, TURN first, as it includes what the other may do. */
  public static @Nullable String choose(List<String> offered) {
    for (ApplicationProtocol protocol : values()) {
      if (offered.contains(protocol.label)) {
        return protocol.label;
      }
    }
    return null; // RFC 7301 §3.2: a fatal alert, no_application_protocol
  }
}
