package org.bradawl.server.platform.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bradawl.datapath.Datapath;
import org.bradawl.server.allocations.control.Relay;
import org.bradawl.server.platform.control.DatabaseWatch;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.settings.control.Drain;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * {@code /health/ready}: up from the moment the relay listens until the stop or a drain begins. It
 * stays up while the database is away, because relay and signaling go on: taking the node out of
 * service would end what still works. The data tells.
 */
@ApplicationScoped
@org.eclipse.microprofile.health.Readiness
public class Readiness implements HealthCheck {

  @Inject private Startup startup;
  @Inject private RecordQueue records;
  @Inject private DatabaseWatch database;
  @Inject private Relay relay;
  @Inject private Drain drain;

  @Override
  public HealthCheckResponse call() {
    RecordQueue.Status status = records.status();
    Optional<Instant> awaySince = database.awaySince();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("bradawl")
            .status(startup.serving() && !drain.begun())
            .withData("draining", drain.begun())
            .withData("database", awaySince.isEmpty() ? "up" : "away")
            .withData("records-waiting", status.waiting())
            .withData("records-dropped", status.dropped() + status.rejected());
    relay
        .running()
        .ifPresent(datapath ->
            response
                .withData("engine", datapath.engine())
                .withData("listeners", listeners(datapath))
                .withData("allocations", datapath.statistics().turn().allocations()));
    awaySince.ifPresent(since -> response.withData("database-away-since", since.toString()));
    return response.build();
  }

  private static String listeners(Datapath datapath) {
    return datapath.listeners().stream()
        .map(listener -> listener.transport() + " " + listener.address())
        .collect(Collectors.joining(", "));
  }
}
