package org.bradawl.server.allocations.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bradawl.datapath.Datapath;
import org.bradawl.turn.server.AllocationId;
import org.bradawl.turn.server.AllocationView;

/** What lives in the relay at this moment, asked of its shards. */
@ApplicationScoped
public class LiveAllocations {

  @Inject private Relay relay;
  @Inject private InstantSource clock;

  /** All of them, the newest first. */
  public List<LiveAllocation> all() {
    Instant now = clock.instant();
    long nanos = System.nanoTime();
    return relay.running().map(Datapath::allocations).orElse(List.of()).stream()
        .map(view -> live(view, now, nanos))
        .sorted(
            Comparator.comparing(LiveAllocation::started)
                .reversed()
                .thenComparing(live -> live.view().info().id().toString()))
        .toList();
  }

  /** One of them. */
  public Optional<LiveAllocation> find(AllocationId id) {
    return all().stream().filter(live -> live.view().info().id().equals(id)).findFirst();
  }

  /** Ends one; false if it does not live. */
  public boolean end(AllocationId id) {
    return relay.running().map(datapath -> datapath.endAllocation(id)).orElse(false);
  }

  private static LiveAllocation live(AllocationView view, Instant now, long nanos) {
    return new LiveAllocation(
        view,
        now.plusNanos(view.info().startedNanos() - nanos),
        now.plusNanos(view.expiresNanos() - nanos));
  }
}
