package org.bradawl.turn.server;

import java.util.HashMap;
import java.util.Map;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.TurnSettings.Quotas;

/**
 * How many allocations there are, in total, per application and per user, over all shards; what is
 * counted as taken includes those whose relay socket is still being opened.
 *
 * <p>Safe for threads, and exact under races: two shards cannot both take the last place.
 */
public final class AllocationQuota {

  /** What became of a request for a place. */
  public enum Place {
    TAKEN,
    /** The user has as many as allowed: 486. */
    USER_FULL,
    /** The user's application has as many as allowed: 486. */
    APPLICATION_FULL,
    /** The server has as many as allowed: 508. */
    SERVER_FULL
  }

  private final Map<String, Integer> perUser = new HashMap<>();
  private final Map<String, Integer> perApplication = new HashMap<>();
  private Quotas quotas;
  private int total;

  /** Nothing taken yet. */
  public AllocationQuota(Quotas quotas) {
    this.quotas = quotas;
  }

  /** Changes the bounds. What is over a new one stays, and nothing is added until it is under. */
  public synchronized void quotas(Quotas changed) {
    quotas = changed;
  }

  /**
   * Takes a place for {@code principal} if there is one. Who has no application is bounded as a
   * user and in total alone.
   */
  public synchronized Place take(Principal principal) {
    String application = principal.application();
    if (perUser.getOrDefault(principal.user(), 0) >= quotas.allocationsPerUser()) {
      return Place.USER_FULL;
    }
    if (!application.isEmpty()
        && perApplication.getOrDefault(application, 0) >= quotas.allocationsPerApplication()) {
      return Place.APPLICATION_FULL;
    }
    if (total >= quotas.allocations()) {
      return Place.SERVER_FULL;
    }
    perUser.merge(principal.user(), 1, Integer::sum);
    perApplication.merge(application, 1, Integer::sum);
    total++;
    return Place.TAKEN;
  }

  /**
   * Gives a place back.
   *
   * @throws IllegalStateException if the user holds none, which is a bug of the caller
   */
  public synchronized void giveBack(Principal principal) {
    if (!perUser.containsKey(principal.user())
        || !perApplication.containsKey(principal.application())) {
      throw new IllegalStateException("a user without allocations gave one back");
    }
    oneLess(perUser, principal.user());
    oneLess(perApplication, principal.application());
    total--;
  }

  private static void oneLess(Map<String, Integer> counts, String name) {
    counts.computeIfPresent(name, (same, count) -> count == 1 ? null : count - 1);
  }

  /** How many allocations there are. */
  public synchronized int total() {
    return total;
  }

  /** How many users hold one. */
  public synchronized int users() {
    return perUser.size();
  }

  /** How many applications' peers hold one; those without application count as one. */
  public synchronized int applications() {
    return perApplication.size();
  }
}
