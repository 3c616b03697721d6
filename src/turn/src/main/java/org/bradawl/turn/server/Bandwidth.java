package org.bradawl.turn.server;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * The {@link Rates} of a server and the buckets that enforce them over all shards. Touched when an
 * allocation begins and ends; per packet only {@link #bounded} is read, and a bucket only when a
 * {@link Lease} is used up.
 *
 * <p>Safe for threads.
 */
public final class Bandwidth {

  /** Whose data shares a bound. */
  sealed interface Scope {

    /** Everybody's. */
    record Total() implements Scope {}

    /** Of one application's peers; the empty name, of those that have none, is not bounded. */
    record Application(String name) implements Scope {}

    /** One user's. */
    record User(String name) implements Scope {}
  }

  private static final class Shared {

    private final RateBucket bucket;
    private int holders;

    Shared(RateBucket bucket) {
      this.bucket = bucket;
    }
  }

  private final Map<Scope, Shared> buckets = new HashMap<>();
  private final Queue<Scope> idle = new ArrayDeque<>();
  private volatile Rates rates;
  private volatile boolean bounded;

  /** No data passed yet. */
  public Bandwidth(Rates rates) {
    this.rates = rates;
    this.bounded = rates.bounded();
  }

  /** Changes the bounds, also for what lives. */
  public void rates(Rates changed) {
    rates = changed;
    bounded = changed.bounded();
  }

  /** The bounds now. */
  public Rates rates() {
    return rates;
  }

  /** Whether there is any bound, and data has to be metered. */
  boolean bounded() {
    return bounded;
  }

  /** How many bounds are shared by living allocations. */
  public synchronized long scopes() {
    return buckets.values().stream().filter(shared -> shared.holders > 0).count();
  }

  synchronized RateBucket hold(Scope scope, long nowNanos) {
    forget(nowNanos);
    Shared shared =
        buckets.computeIfAbsent(scope, s -> new Shared(new RateBucket(() -> rate(s), nowNanos)));
    shared.holders++;
    return shared.bucket;
  }

  /** The bucket of one allocation, which shares it with nobody. */
  RateBucket own(long nowNanos) {
    return new RateBucket(() -> rates.perAllocation(), nowNanos);
  }

  /** A bucket in debt outlives its last holder: coming back must not make it full again. */
  synchronized void release(Scope scope, long nowNanos) {
    Shared shared = buckets.get(scope);
    if (shared == null || shared.holders == 0) {
      throw new IllegalStateException("a bound was released that nobody held");
    }
    shared.holders--;
    if (shared.holders == 0) {
      idle.add(scope);
    }
    forget(nowNanos);
  }

  /** Oldest first, until one that must be kept: its turn comes with a later call. */
  private void forget(long nowNanos) {
    while (!idle.isEmpty()) {
      Shared oldest = buckets.get(idle.element());
      if (oldest != null && oldest.holders == 0) {
        if (oldest.bucket.bounded() && !oldest.bucket.isFull(nowNanos)) {
          return;
        }
        buckets.remove(idle.element());
      }
      idle.remove();
    }
  }

  private long rate(Scope scope) {
    return switch (scope) {
      case Scope.Total _ -> rates.total();
      case Scope.Application application ->
          application.name().isEmpty() ? 0 : rates.perApplication();
      case Scope.User _ -> rates.perUser();
    };
  }
}
