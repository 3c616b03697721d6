package org.bradawl.server.allocations.control;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.server.platform.control.HistoryEntry;
import org.bradawl.server.platform.control.HistoryEntry.RelaySession;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AllocationId;
import org.bradawl.turn.server.AllocationInfo;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.PeerDenial;
import org.bradawl.turn.server.Traffic;

/** Turns what the shards tell into history, in calendar time, without ever making them wait. */
public final class RelayHistory implements RelayObserver {

  private final RecordQueue queue;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * Those that live, as their beginning was told: the end names the same time of beginning, however
   * the calendar was set meanwhile.
   */
  private final Map<AllocationId, RelaySession> living = new ConcurrentHashMap<>();

  /**
   * A history that goes to this queue.
   *
   * @param nanoTime the monotonic time that the shards use
   */
  public RelayHistory(RecordQueue queue, InstantSource clock, LongSupplier nanoTime) {
    this.queue = queue;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public void allocationStarted(AllocationView allocation) {
    String additional =
        allocation.relayed().stream()
            .filter(address -> !address.equals(allocation.info().relayed()))
            .map(TransportAddress::toString)
            .findFirst()
            .orElse("");
    RelaySession session = session(allocation.info(), additional);
    living.put(allocation.info().id(), session);
    queue.offer(new HistoryEntry.RelayStarted(session));
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    AllocationInfo info = allocation.info();
    RelaySession known = living.remove(info.id());
    Traffic traffic = allocation.traffic();
    queue.offer(
        new HistoryEntry.RelayEnded(
            known == null ? session(info, "") : known,
            instantOf(allocation.endedNanos()),
            traffic.bytesUp(),
            traffic.packetsUp(),
            traffic.bytesDown(),
            traffic.packetsDown(),
            nameOf(allocation.reason())));
  }

  /** Goes to the log alone: a scan of a network would fill the database. */
  @Override
  public void peerDenied(PeerDenial denial) {}

  /** Nobody's history: the name proves nothing. */
  @Override
  public void clientSeen(FiveTuple path, String name) {}

  private RelaySession session(AllocationInfo info, String additional) {
    return new RelaySession(
        info.id().toString(),
        info.principal().user(),
        info.principal().application(),
        info.principal().peer(),
        info.client().client().toString(),
        info.relayed().toString(),
        additional,
        info.client().transport().name().toLowerCase(Locale.ROOT),
        instantOf(info.startedNanos()));
  }

  private Instant instantOf(long nanos) {
    return clock.instant().minusNanos(nanoTime.getAsLong() - nanos);
  }

  /** The reason as the record and REST name it. */
  static String nameOf(EndReason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
