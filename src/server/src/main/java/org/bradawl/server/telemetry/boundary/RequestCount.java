package org.bradawl.server.telemetry.boundary;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Set;

/** Counts the answers of the API by resource, method and status; never by what a caller chose. */
@Provider
public class RequestCount implements ContainerResponseFilter {

  private static final Set<String> METHODS =
      Set.of("GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH");

  @Inject private MeterRegistry registry;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    Counter.builder("bradawl.http.requests")
        .description("Answers of the API")
        .tag("resource", resource(request.getUriInfo().getMatchedResources()))
        .tag("method", METHODS.contains(request.getMethod()) ? request.getMethod() : "other")
        .tag("status", Integer.toString(response.getStatus()))
        .register(registry)
        .increment();
  }

  /** The path that the resource's class is annotated with; the object may be a proxy of it. */
  private static String resource(List<Object> matched) {
    if (matched.isEmpty()) {
      return "none";
    }
    for (Class<?> type = matched.getFirst().getClass(); type != null; type = type.getSuperclass()) {
      Path path = type.getAnnotation(Path.class);
      if (path != null) {
        return path.value();
      }
    }
    return "other";
  }
}
