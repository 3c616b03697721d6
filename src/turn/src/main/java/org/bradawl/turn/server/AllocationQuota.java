package org.bradawl.turn.server;

import java.util.HashMap;
import java.util.Map;
import org.bradawl.turn.server.TurnSettings.Quotas;

/**
 * How many allocations there are, in total and per user, over all shards; what is counted as taken
 * includes those whose relay socket is still being opened.
 *
 * <p>Safe for threads, and exact under races: two shards cannot both take the last place.
 */
public final class AllocationQuota {

  /** What became of a request for a place. */
  public enum Place {
    TAKEN,
    /** The user has as many as allowed: 486. */
    USER_FULL,
    /** The server has as many as allowed: 508. */
    SERVER_FULL
  }

  private final Quotas quotas;
  private final Map<String, Integer> perUser = new HashMap<>();
  private int total;

  /** Nothing taken yet. */
  public AllocationQuota(Quotas quotas) {
    this.quotas = quotas;
  }

  /** Takes a place for {@code user} if there is one. */
  public synchronized Place take(String user) {
    if (perUser.getOrDefault(user, 0) >= quotas.allocationsPerUser()) {
      return Place.USER_FULL;
    }
    if (total >= quotas.allocations()) {
      return Place.SERVER_FULL;
    }
    perUser.merge(user, 1, Integer::sum);
    total++;
    return Place.TAKEN;
  }

  /**
   * Gives a place back.
   *
   * @throws IllegalStateException if the user holds none, which is a bug of the caller
   */
  public synchronized void giveBack(String user) {
    if (!perUser.containsKey(user)) {
      throw new IllegalStateException("a user without allocations gave one back");
    }
    perUser.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
    total--;
  }

  /** How many allocations there are. */
  public synchronized int total() {
    return total;
  }

  /** How many users hold one. */
  public synchronized int users() {
    return perUser.size();
  }
}
