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

  /**
   * A reserved port.
   *
   * @param relayAddress where it is
   */
  public record Reserved(RelayAddress relayAddress, int port) {}

  private record Entry(Reserved reserved, long expiresNanos) {}

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
  public synchronized long reserve(Reserved reserved, long expiresNanos) {
    long token = random.nextLong();
    while (entries.containsKey(token)) {
      token = random.nextLong();
    }
    entries.put(token, new Entry(reserved, expiresNanos));
    return token;
  }

  /** Hands the port over, once, if the token is known and not expired. */
  public synchronized Optional<Reserved> redeem(long token, long nowNanos) {
    Entry entry = entries.get(token);
    if (entry == null || entry.expiresNanos - nowNanos <= 0) {
      return Optional.empty();
    }
    entries.remove(token);
    return Optional.of(entry.reserved);
  }

  /** Drops a reservation; the port that has to go back to its pool, if it was still reserved. */
  public synchronized Optional<Reserved> drop(long token) {
    Entry entry = entries.remove(token);
    return entry == null ? Optional.empty() : Optional.of(entry.reserved);
  }

  /** How many ports are reserved now. */
  public synchronized int size() {
    return entries.size();
  }
}
