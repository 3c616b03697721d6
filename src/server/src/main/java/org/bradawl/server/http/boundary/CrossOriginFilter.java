package org.bradawl.server.http.boundary;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import org.bradawl.server.platform.control.Configuration;

/**
 * Lets pages of other origins call what browsers need, {@code /ice-servers} and {@code /tokens}, by
 * the rules of the Fetch standard. The admin API is for pages of this server alone.
 *
 * <p>It stands before matching, so that a problem can be read by the page too, and a preflight is
 * answered although no resource has the method OPTIONS.
 */
@Provider
@PreMatching
public class CrossOriginFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private static final Set<String> OPEN_PATHS = Set.of("ice-servers", "tokens");

  /** Browsers ask again after at most two hours anyway; a change of the setting is seen sooner. */
  private static final String PREFLIGHT_SECONDS = "600";

  @Inject private Configuration configuration;

  @Override
  public void filter(ContainerRequestContext request) {
    if (isAllowed(request)
        && request.getMethod().equals("OPTIONS")
        && request.getHeaderString("Access-Control-Request-Method") != null) {
      request.abortWith(Response.noContent().build());
    }
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!isOpen(request)) {
      return;
    }
    MultivaluedMap<String, Object> headers = response.getHeaders();
    // Whether the answer has the header depends on who asks, and caches must know that.
    headers.add("Vary", "Origin");
    if (!isAllowed(request)) {
      return;
    }
    headers.putSingle("Access-Control-Allow-Origin", request.getHeaderString("Origin"));
    headers.putSingle("Access-Control-Expose-Headers", "Retry-After");
    if (request.getMethod().equals("OPTIONS")) {
      headers.putSingle("Access-Control-Allow-Methods", "GET, POST");
      headers.putSingle("Access-Control-Allow-Headers", "Authorization, Content-Type");
      headers.putSingle("Access-Control-Max-Age", PREFLIGHT_SECONDS);
    }
  }

  private boolean isAllowed(ContainerRequestContext request) {
    String origin = request.getHeaderString("Origin");
    return origin != null
        && isOpen(request)
        && AllowedOrigins.of(configuration.access().allowedOrigins()).allows(origin);
  }

  private static boolean isOpen(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    return OPEN_PATHS.contains(path.startsWith("/") ? path.substring(1) : path);
  }
}
