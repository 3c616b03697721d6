package org.bradawl.server.telemetry.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import java.lang.management.ManagementFactory;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * {@code /health/live}: whoever reads this has a process that answers. Nothing else is asked, for a
 * process must not be killed because its database is away.
 */
@ApplicationScoped
@org.eclipse.microprofile.health.Liveness
public class Liveness implements HealthCheck {

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("process")
        .up()
        .withData("uptime-seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000)
        .build();
  }
}
