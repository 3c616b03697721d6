package org.bradawl.server.allocations.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathStatistics;
import org.bradawl.server.allocations.boundary.AllocationViews.Ended;
import org.bradawl.server.allocations.boundary.AllocationViews.Now;
import org.bradawl.server.allocations.boundary.AllocationViews.RelayStatistics;
import org.bradawl.server.allocations.boundary.AllocationViews.Relayed;
import org.bradawl.server.allocations.control.Relay;
import org.bradawl.server.allocations.control.RelayDrops;
import org.bradawl.server.allocations.control.RelaySessionStore;
import org.bradawl.server.allocations.control.RelayTotals;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.turn.server.Traffic;
import org.jspecify.annotations.Nullable;

/** {@code /statistics/relay}: what the relay does, and what it did. */
@Path("/statistics/relay")
@RequestScoped
@AdminOnly
@Transactional
@Produces(MediaType.APPLICATION_JSON)
public class RelayStatisticsResource {

  private static final Duration DEFAULT_PERIOD = Duration.ofDays(1);

  @Inject private Relay relay;
  @Inject private RelaySessionStore sessions;
  @Inject private InstantSource clock;

  /** Now, and since then. */
  @GET
  public RelayStatistics statistics(@QueryParam("since") @Nullable String since) {
    Instant given = Parameters.moment("since", since);
    Instant from =
        given == null
            ? clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(DEFAULT_PERIOD)
            : given;
    RelayTotals totals = sessions.totals(from);
    return new RelayStatistics(
        now(relay.running()),
        new Ended(
            from,
            totals.sessions(),
            new Relayed(
                totals.bytesUp(), totals.packetsUp(), totals.bytesDown(), totals.packetsDown())));
  }

  private static Now now(Optional<Datapath> running) {
    if (running.isEmpty()) {
      return new Now(false, null, List.of(), 0, 0, new Relayed(0, 0, 0, 0), Map.of());
    }
    Datapath datapath = running.get();
    DatapathStatistics statistics = datapath.statistics();
    Traffic traffic = statistics.turn().traffic();
    return new Now(
        true,
        datapath.engine(),
        datapath.listeners().stream()
            .map(listener -> listener.transport() + " " + listener.address())
            .toList(),
        statistics.turn().allocations(),
        statistics.connections(),
        new Relayed(
            traffic.bytesUp(), traffic.packetsUp(), traffic.bytesDown(), traffic.packetsDown()),
        RelayDrops.happened(statistics));
  }
}
