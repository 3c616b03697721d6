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

  /** How many bytes of a stream may be read now, {@code most} at the most; 0 for none yet. */
  int available(int most, long nowNanos) {
    int own = allocation.available(most, nowNanos);
    int users = own == 0 ? 0 : user.available(own, nowNanos);
    int applications = users == 0 ? 0 : application.available(users, nowNanos);
    return applications == 0 ? 0 : total.available(applications, nowNanos);
  }

  /** In how many nanoseconds it is worth asking {@link #available} again. */
  long waitNanos(long nowNanos) {
    return Math.max(
        Math.max(allocation.waitNanos(nowNanos), user.waitNanos(nowNanos)),
        Math.max(application.waitNanos(nowNanos), total.waitNanos(nowNanos)));
  }

  /** Spends bytes that were read from a stream. */
  void take(int bytes) {
    allocation.take(bytes);
    user.take(bytes);
    application.take(bytes);
    total.take(bytes);
  }
}
