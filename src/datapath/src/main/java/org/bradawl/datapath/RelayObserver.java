package org.bradawl.datapath;

import org.bradawl.stun.FiveTuple;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.PeerDenial;

/**
 * Told of every allocation that begins and ends. Called on shard threads: it must return at once
 * and never block. Times are {@link System#nanoTime()} of this process. What it throws is counted
 * as a fault and changes nothing else.
 *
 * <p>No method has a default: an observer that stands before another one would forget to pass on
 * what it does not override.
 */
public interface RelayObserver {

  /** An allocation began. */
  void allocationStarted(AllocationView allocation);

  /** An allocation ended; called exactly once for each that began, also when the server stops. */
  void allocationEnded(AllocationSummary allocation);

  /** A client asked for a peer that it must not reach, and was refused. */
  void peerDenied(PeerDenial denial);

  /**
   * A client has shown that it is where it seems to be, and gave a name that proves nothing; see
   * {@link org.bradawl.turn.server.ServerActions#clientSeen}. Like the others it must return at
   * once.
   */
  void clientSeen(FiveTuple path, String name);

  /** An observer that takes no notice. */
  static RelayObserver none() {
    return new RelayObserver() {
      @Override
      public void allocationStarted(AllocationView allocation) {}

      @Override
      public void allocationEnded(AllocationSummary allocation) {}

      @Override
      public void peerDenied(PeerDenial denial) {}

      @Override
      public void clientSeen(FiveTuple path, String name) {}
    };
  }
}
