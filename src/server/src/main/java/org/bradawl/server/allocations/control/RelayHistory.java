package org.bradawl.server.allocations.control;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.server.platform.control.HistoryEntry;
import org.bradawl.server.platform.control.HistoryEntry.RelaySession;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
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
    queue.offer(new HistoryEntry.RelayStarted(session(allocation.info(), additional)));
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    Traffic traffic = allocation.traffic();
    queue.offer(
        new HistoryEntry.RelayEnded(
            session(allocation.info(), ""),
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
