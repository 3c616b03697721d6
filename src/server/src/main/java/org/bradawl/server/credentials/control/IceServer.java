package org.bradawl.server.credentials.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the list that a browser's {@code RTCPeerConnection} takes (W3C WebRTC, {@code
 * RTCIceServer}).
 *
 * @param urls {@code stun:} and {@code turn:} URLs (RFC 7064, RFC 7065)
 * @param username null for STUN, which needs none
 * @param credential the password; null for STUN
 */
public record IceServer(List<String> urls, @Nullable String username, @Nullable String credential) {

  /** Keeps its own copy of the URLs. */
  public IceServer {
    urls = List.copyOf(urls);
  }

  /** Leaves the credential out. */
  @Override
  public String toString() {
    return "IceServer[urls=%s, username=%s]".formatted(urls, username);
  }
}
