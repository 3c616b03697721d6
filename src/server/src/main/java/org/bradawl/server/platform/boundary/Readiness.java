package org.bradawl.server.platform.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** {@code /health/ready}: up from the moment the relay listens until the stop begins. */
@ApplicationScoped
@org.eclipse.microprofile.health.Readiness
public class Readiness implements HealthCheck {

  @Inject private Startup startup;

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("bradawl").status(startup.serving()).build();
  }
}
