package org.bradawl.server.http.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import org.bradawl.server.credentials.control.Reached;
import org.bradawl.server.http.control.TrustedProxies;
import org.bradawl.server.platform.control.Configuration;
import org.jspecify.annotations.Nullable;

/** Finds out where requests come from. */
@ApplicationScoped
public class Arrivals {

  @Inject private Configuration configuration;

  /** The arrival of this request. */
  public Arrival of(HttpServletRequest request) {
    TrustedProxies proxies = new TrustedProxies(configuration.access().trustedProxies());
    String forwardedFor = request.getHeader("X-Forwarded-For");
    String remote = request.getRemoteAddr();
    return new Arrival(
        proxies.client(remote, forwardedFor),
        forwardedFor != null && proxies.trusts(remote)
            ? new Reached(hostBehindProxy(request), null)
            : new Reached(request.getHeader("Host"), request.getLocalAddr()));
  }

  /** A proxy that is not told to pass the Host header on names us by our own address. */
  private static @Nullable String hostBehindProxy(HttpServletRequest request) {
    String forwarded = request.getHeader("X-Forwarded-Host");
    if (forwarded != null) {
      int comma = forwarded.indexOf(',');
      return comma < 0 ? forwarded : forwarded.substring(0, comma);
    }
    String host = request.getHeader("Host");
    return host == null || Reached.isLoopback(host) ? null : host;
  }
}
