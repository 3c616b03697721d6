package org.bradawl.server.traversals.control;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AllocationId;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.PeerDenial;

/**
 * An observer of the relay that tells the brokerage, besides, where STUN has seen whom and which
 * endpoints are relayed.
 */
public final class Sightings implements RelayObserver {

  private final RelayObserver history;
  private final Brokerage brokerage;

  /** What the end of an allocation does not tell any more. */
  private final Map<AllocationId, List<TransportAddress>> dual = new ConcurrentHashMap<>();

  /**
   * An observer.
   *
   * @param history hears of everything too
   */
  public Sightings(RelayObserver history, Brokerage brokerage) {
    this.history = history;
    this.brokerage = brokerage;
  }

  @Override
  public void clientSeen(FiveTuple path, String name) {
    brokerage.seen(name, path);
    history.clientSeen(path, name);
  }

  @Override
  public void peerDenied(PeerDenial denial) {
    history.peerDenied(denial);
  }

  @Override
  public void allocationStarted(AllocationView allocation) {
    allocation.relayed().forEach(brokerage::relaying);
    if (allocation.relayed().size() > 1) {
      dual.put(allocation.info().id(), allocation.relayed());
    }
    history.allocationStarted(allocation);
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    List<TransportAddress> both = dual.remove(allocation.info().id());
    brokerage.relayingNoMore(allocation.info().relayed());
    if (both != null) {
      both.forEach(brokerage::relayingNoMore);
    }
    history.allocationEnded(allocation);
  }
}
