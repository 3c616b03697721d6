package org.bradawl.benchmarks.churn;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.stun.FiveTuple;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.PeerDenial;

/** In how many ways allocations have ended: what a run did not see, it has not shown. */
final class Ends implements RelayObserver {

  private final Map<EndReason, AtomicLong> counts = new EnumMap<>(EndReason.class);
  private final AtomicLong began = new AtomicLong();

  Ends() {
    for (EndReason reason : EndReason.values()) {
      counts.put(reason, new AtomicLong());
    }
  }

  @Override
  public void allocationStarted(AllocationView allocation) {
    began.incrementAndGet();
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    count(allocation.reason()).incrementAndGet();
  }

  @Override
  public void peerDenied(PeerDenial denial) {}

  @Override
  public void clientSeen(FiveTuple path, String name) {}

  /** Those of {@code expected} that no allocation has ended by. */
  Set<EndReason> missing(Set<EndReason> expected) {
    Set<EndReason> missing = EnumSet.copyOf(expected);
    missing.removeIf(reason -> count(reason).get() > 0);
    return missing;
  }

  /** How many were told to have begun and not to have ended. */
  long open() {
    return began.get() - counts.values().stream().mapToLong(AtomicLong::get).sum();
  }

  private AtomicLong count(EndReason reason) {
    AtomicLong count = counts.get(reason);
    if (count == null) {
      throw new IllegalStateException("every reason has a count");
    }
    return count;
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
