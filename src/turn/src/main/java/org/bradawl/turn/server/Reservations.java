package org.bradawl.turn.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Ports kept for whoever brings the token (RFC 8656 §7.2, EVEN-PORT with its R bit). Another shard
 * than the one that reserved may be asked to redeem.
 *
 * <p>Safe for threads. A port that is reserved is lent by its {@link PortPool}; redeeming passes
 * the loan on, expiring gives it back to the caller, who returns it.
 */
public final class Reservations {

  private record Entry(RelayPort port, long expiresNanos) {}

  private final RandomGenerator random;
  private final Map<Long, Entry> entries = new HashMap<>();

  /**
   * No reservations yet.
   *
   * @param random makes tokens; must not be predictable
   */
  public Reservations(RandomGenerator random) {
    this.random = random;
  }

  /** Keeps a port until {@code expiresNanos}; returns the token's 64 bits. */
  public synchronized long reserve(RelayPort port, long expiresNanos) {
    long token = random.nextLong();
    while (entries.containsKey(token)) {
      token = random.nextLong();
    }
    entries.put(token, new Entry(port, expiresNanos));
    return token;
  }

  /** Hands the port over, once, if the token is known and not expired. */
  public synchronized Optional<RelayPort> redeem(long token, long nowNanos) {
    Entry entry = entries.get(token);
    if (entry == null || entry.expiresNanos - nowNanos <= 0) {
      return Optional.empty();
    }
    entries.remove(token);
    return Optional.of(entry.port);
  }

  /** Drops a reservation; the port that has to go back to its pool, if it was still reserved. */
  public synchronized Optional<RelayPort> drop(long token) {
    Entry entry = entries.remove(token);
    return entry == null ? Optional.empty() : Optional.of(entry.port);
  }

  /** How many ports are reserved now. */
  public synchronized int size() {
    return entries.size();
  }
}
