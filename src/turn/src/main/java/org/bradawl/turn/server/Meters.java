package org.bradawl.turn.server;

import java.util.HashMap;
import java.util.Map;
import org.bradawl.turn.auth.Principal;

/** One shard's leases of the shared bounds: one for each bound that its allocations are under. */
final class Meters {

  private final Bandwidth bandwidth;
  private final Map<Bandwidth.Scope, Lease> leases = new HashMap<>();

  Meters(Bandwidth bandwidth) {
    this.bandwidth = bandwidth;
  }

  /** Whether data has to be metered. */
  boolean active() {
    return bandwidth.bounded();
  }

  /** The meter of an allocation that begins. */
  Meter open(Principal principal, long nowNanos) {
    return new Meter(
        new Lease(bandwidth.own(nowNanos)),
        hold(new Bandwidth.Scope.User(principal.user()), nowNanos),
        hold(new Bandwidth.Scope.Application(principal.application()), nowNanos),
        hold(new Bandwidth.Scope.Total(), nowNanos));
  }

  /** The end of an allocation with this owner. */
  void close(Principal principal, long nowNanos) {
    release(new Bandwidth.Scope.User(principal.user()), nowNanos);
    release(new Bandwidth.Scope.Application(principal.application()), nowNanos);
    release(new Bandwidth.Scope.Total(), nowNanos);
  }

  private Lease hold(Bandwidth.Scope scope, long nowNanos) {
    Lease lease = leases.computeIfAbsent(scope, s -> new Lease(bandwidth.hold(s, nowNanos)));
    lease.hold();
    return lease;
  }

  private void release(Bandwidth.Scope scope, long nowNanos) {
    Lease lease = leases.get(scope);
    if (lease == null) {
      throw new IllegalStateException("a bound was released that this shard did not hold");
    }
    if (lease.release()) {
      leases.remove(scope);
      bandwidth.release(scope, nowNanos);
    }
  }
}
