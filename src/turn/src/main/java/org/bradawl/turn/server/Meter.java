package org.bradawl.turn.server;

import org.bradawl.turn.server.TurnCounters.Event;
import org.jspecify.annotations.Nullable;

/** The bounds one allocation's data passes: its own, and those it shares. */
record Meter(Lease allocation, Lease user, Lease application, Lease total) {

  /** What is counted when these bytes are dropped; null if they pass, and are spent then. */
  @Nullable Event exceeded(int bytes, long nowNanos) {
    if (!allocation.covers(bytes, nowNanos)) {
      return Event.OVER_ALLOCATION_RATE;
    }
    if (!user.covers(bytes, nowNanos)) {
      return Event.OVER_USER_RATE;
    }
    if (!application.covers(bytes, nowNanos)) {
      return Event.OVER_APPLICATION_RATE;
    }
    if (!total.covers(bytes, nowNanos)) {
      return Event.OVER_TOTAL_RATE;
    }
    allocation.spend(bytes);
    user.spend(bytes);
    application.spend(bytes);
    total.spend(bytes);
    return null;
  }
}
