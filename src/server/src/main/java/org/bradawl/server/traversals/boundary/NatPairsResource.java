package org.bradawl.server.traversals.boundary;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.traversals.boundary.TraversalViews.Pair;
import org.bradawl.server.traversals.boundary.TraversalViews.PairStatistics;
import org.bradawl.server.traversals.control.NatPair;
import org.bradawl.server.traversals.control.TraversalStore;
import org.jspecify.annotations.Nullable;

/** {@code /statistics/nat-pairs}: which NATs got through to which, and how. */
@Path("/statistics/nat-pairs")
@RequestScoped
@AdminOnly
@Transactional
@Produces(MediaType.APPLICATION_JSON)
public class NatPairsResource {

  /** A month shows what the NATs of today do, and a firmware update of last year no longer. */
  private static final Duration DEFAULT_PERIOD = Duration.ofDays(30);

  private static final String FAILED = "failed";
  private static final String RELAYED = "relayed";

  @Inject private TraversalStore traversals;
  @Inject private InstantSource clock;

  /** All pairs. There are as many as kinds of NATs squared, so they need no pages. */
  @GET
  public PairStatistics pairs(@QueryParam("since") @Nullable String since) {
    Instant given = Parameters.moment("since", since);
    Instant from =
        given == null
            ? clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(DEFAULT_PERIOD)
            : given;
    Map<List<String>, Map<String, Long>> byPair = new LinkedHashMap<>();
    for (NatPair pair : traversals.natPairs(from)) {
      byPair
          .computeIfAbsent(
              List.of(pair.initiatorNat(), pair.responderNat()), key -> new LinkedHashMap<>())
          .merge(pair.path().isEmpty() ? FAILED : pair.path(), pair.count(), Long::sum);
    }
    List<Pair> items = new ArrayList<>();
    byPair.forEach((nats, paths) -> items.add(pair(nats.getFirst(), nats.getLast(), paths)));
    return new PairStatistics(from, items.stream().mapToLong(Pair::traversals).sum(), items);
  }

  private static Pair pair(String initiatorNat, String responderNat, Map<String, Long> paths) {
    long all = paths.values().stream().mapToLong(Long::longValue).sum();
    long connected = all - paths.getOrDefault(FAILED, 0L);
    long direct = connected - paths.getOrDefault(RELAYED, 0L);
    return new Pair(
        initiatorNat,
        responderNat,
        all,
        connected,
        (double) connected / all,
        (double) direct / all,
        paths);
  }
}
