package org.bradawl.server.credentials.control;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bradawl.stun.IpAddress;

/**
 * Counts failed authentications by address and closes an address that fails too often: a bucket of
 * failures that empties with time. An IPv6 client is counted by its /64, for it owns all of it.
 *
 * <p>The keys that we make have 256 bits and cannot be guessed; the limit is for the keys that an
 * operator chose, and keeps a broken client from filling log and audit.
 */
public final class FailureLimit {

  /** Enough to remember every address of a modest botnet; above it the eldest is forgotten. */
  private static final int MAX_ADDRESSES = 10_000;

  private final int burst;
  private final long millisPerFailure;
  private final InstantSource clock;

  /** When the bucket of the address will be empty, in epoch milliseconds; the eldest first. */
  private final Map<String, Long> emptyAt =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  /**
   * A limit of so many failures a minute from one address.
   *
   * @param failuresPerMinute at least 1
   */
  public FailureLimit(int failuresPerMinute, InstantSource clock) {
    if (failuresPerMinute < 1) {
      throw new IllegalArgumentException("a limit below one failure a minute lets nobody in");
    }
    this.burst = failuresPerMinute;
    this.millisPerFailure = Duration.ofMinutes(1).toMillis() / failuresPerMinute;
    this.clock = clock;
  }

  /** How long this address must stay away: zero if it may try. */
  public synchronized Duration waitFor(String client) {
    Long empty = emptyAt.get(bucket(client));
    if (empty == null) {
      return Duration.ZERO;
    }
    long full = clock.millis() + (burst - 1) * millisPerFailure;
    return empty <= full ? Duration.ZERO : Duration.ofMillis(empty - full);
  }

  /** Counts one failure. */
  public synchronized void failed(String client) {
    String bucket = bucket(client);
    long now = clock.millis();
    emptyAt.merge(
        bucket, now + millisPerFailure, (empty, fresh) -> Math.max(empty, now) + millisPerFailure);
  }

  private static String bucket(String client) {
    try {
      int zone = client.indexOf('%');
      IpAddress address = IpAddress.parse(zone < 0 ? client : client.substring(0, zone)).unmapped();
      return switch (address.family()) {
        case IPV4 -> address.toString();
        case IPV6 -> Long.toHexString(address.high());
      };
    } catch (IllegalArgumentException e) {
      return client;
    }
  }
}
