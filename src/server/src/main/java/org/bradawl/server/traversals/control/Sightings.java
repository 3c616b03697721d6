package org.bradawl.server.traversals.control;

import org.bradawl.datapath.RelayObserver;
import org.bradawl.stun.FiveTuple;
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
    brokerage.relaying(allocation.info().relayed());
    history.allocationStarted(allocation);
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    brokerage.relayingNoMore(allocation.info().relayed());
    history.allocationEnded(allocation);
  }
}
