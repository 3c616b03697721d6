package org.bradawl.turn.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.stun.FiveTuple;

/**
 * The connections with peers that are, or wait to be, bound to a client's (RFC 6062 §5.4). A
 * client's second connection may reach another shard than its first one; here that shard learns
 * whose a connection is, and takes it, once.
 *
 * <p>Safe for threads; touched a few times per connection, never per byte.
 */
public final class ConnectionDirectory {

  /** What became of a wish to be bound. */
  enum Claim {
    /** It is the caller's now, and nobody else's. */
    TAKEN,
    /** Another user's connection. */
    OF_ANOTHER,
    /** No such connection, or not yet, or bound, or too late. */
    UNKNOWN
  }

  private enum State {
    CONNECTING,
    WAITING,
    CLAIMED
  }

  /** A connection of {@code user}, whose allocation is controlled by {@code control}. */
  private record Entry(String user, FiveTuple control, State state) {

    Entry now(State next) {
      return new Entry(user, control, next);
    }
  }

  private final RandomGenerator random;
  private final RelayAddresses relayAddresses = new RelayAddresses();
  private final Map<Integer, Entry> entries = new HashMap<>();

  /**
   * No connections yet.
   *
   * @param random makes the ids; must not be predictable
   */
  public ConnectionDirectory(RandomGenerator random) {
    this.random = random;
  }

  /** Where this server relays TCP now. */
  RelayAddresses relayAddresses() {
    return relayAddresses;
  }

  /** How many connections there are. */
  public synchronized int size() {
    return entries.size();
  }

  /** An id for a connection of {@code user} that cannot be bound to yet. */
  synchronized DataConnectionId enter(String user, FiveTuple control) {
    int id = random.nextInt();
    while (entries.containsKey(id)) {
      id = random.nextInt();
    }
    entries.put(id, new Entry(user, control, State.CONNECTING));
    return new DataConnectionId(id);
  }

  /** From now on the connection can be bound to. */
  synchronized void offer(DataConnectionId id) {
    entries.computeIfPresent(id.value(), (key, entry) -> entry.now(State.WAITING));
  }

  synchronized Claim claim(DataConnectionId id, String user) {
    Entry entry = entries.get(id.value());
    if (entry == null || entry.state() != State.WAITING) {
      return Claim.UNKNOWN;
    }
    if (!entry.user().equals(user)) {
      return Claim.OF_ANOTHER;
    }
    entries.put(id.value(), entry.now(State.CLAIMED));
    return Claim.TAKEN;
  }

  /** The control connection that the id was told on, if there is such a connection. */
  synchronized Optional<FiveTuple> control(DataConnectionId id) {
    return Optional.ofNullable(entries.get(id.value())).map(Entry::control);
  }

  /** Whether a client has taken it, though its connection may still be on its way here. */
  synchronized boolean isClaimed(DataConnectionId id) {
    Entry entry = entries.get(id.value());
    return entry != null && entry.state() == State.CLAIMED;
  }

  /** The connection is over; whoever claims it from now on is told that it is unknown. */
  synchronized void leave(DataConnectionId id) {
    entries.remove(id.value());
  }
}
