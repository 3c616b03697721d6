package org.bradawl.turn.server;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * What an operator decides about STUN and TURN.
 *
 * @param realm the realm of the long-term credentials
 * @param software what SOFTWARE says, or empty to send none
 * @param relayAddresses where relayed transport addresses are; the first of a family is the default
 *     of the family, and one equal to the listener's address is preferred; empty: no TURN
 * @param minPort the lowest port to relay at
 * @param maxPort the highest port to relay at
 * @param alternateAddresses pairs for RFC 5780; empty: no OTHER-ADDRESS
 * @param ownAddresses every address of this machine that is the server's
 * @param ownServices what listens here and must never be relayed to, even where the address is
 *     allowed: STUN, HTTP, database. With 0.0.0.0 or :: the port counts on every own address
 * @param peers which peers may be relayed to
 * @param maxLifetime the longest lifetime an allocation is given
 * @param nonceLifetime how long a nonce is good for
 * @param quotas how much of everything
 */
public record TurnSettings(
    String realm,
    String software,
    List<RelayAddress> relayAddresses,
    int minPort,
    int maxPort,
    List<AlternateAddress> alternateAddresses,
    Set<IpAddress> ownAddresses,
    Set<TransportAddress> ownServices,
    PeerRules peers,
    Duration maxLifetime,
    Duration nonceLifetime,
    Quotas quotas) {

  /** RFC 8656 §3.2: what a client gets that asks for no lifetime, or for less. */
  public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(10);

  /** RFC 8656 §7.2 recommends an hour at most, so that what a dead client held comes back. */
  public static final Duration LONGEST_LIFETIME = Duration.ofHours(1);

  /** RFC 8656 §9: exactly this, neither configurable nor negotiated. */
  public static final Duration PERMISSION_LIFETIME = Duration.ofMinutes(5);

  /** RFC 8656 §12: exactly this. */
  public static final Duration CHANNEL_LIFETIME = Duration.ofMinutes(10);

  /** RFC 8656 §7.2: a reserved port waits at least 30 s for its token; no reason to wait longer. */
  public static final Duration RESERVATION_LIFETIME = Duration.ofSeconds(30);

  /**
   * RFC 8656 §5 wants at least one change an hour. Ten minutes keeps what an eavesdropper could
   * replay short, and costs a client one round trip for each refresh of a default allocation.
   */
  public static final Duration DEFAULT_NONCE_LIFETIME = Duration.ofMinutes(10);

  /**
   * Bounds that keep one user, and all together, from using the server up.
   *
   * @param allocations on the whole server
   * @param allocationsPerUser for one user name
   * @param allocationsPerApplication for all users of one application
   * @param permissionsPerAllocation peer addresses
   * @param channelsPerAllocation bound channels
   */
  public record Quotas(
      int allocations,
      int allocationsPerUser,
      int allocationsPerApplication,
      int permissionsPerAllocation,
      int channelsPerAllocation) {

    /**
     * The total is a descriptor each; the ports of one relay address end long before. A browser
     * holds two to six allocations for each connection; 10,000 are for one user who stands for a
     * fleet, and leave a third of a relay address's ports to others. One application may have all.
     * 256 peers is beyond every known mesh.
     */
    public static final Quotas DEFAULT = new Quotas(100_000, 10_000, 100_000, 256, 256);

    /** Rejects negative bounds. */
    public Quotas {
      if (IntStream.of(
              allocations,
              allocationsPerUser,
              allocationsPerApplication,
              permissionsPerAllocation,
              channelsPerAllocation)
          .anyMatch(quota -> quota < 0)) {
        throw new IllegalArgumentException("a quota cannot be negative");
      }
    }

    /** Bounds under which one application may have all allocations. */
    public Quotas(int allocations, int perUser, int permissions, int channels) {
      this(allocations, perUser, allocations, permissions, channels);
    }
  }

  /** Rejects a port range, a lifetime or a realm that cannot be. */
  public TurnSettings {
    if (realm.isBlank() || realm.length() > 127) {
      // RFC 8489 §14.9: fewer than 128 characters.
      throw new IllegalArgumentException("a realm has 1 to 127 characters");
    }
    if (minPort < 1 || maxPort > 65_535 || minPort > maxPort) {
      throw new IllegalArgumentException("no port range: " + minPort + " to " + maxPort);
    }
    if (maxLifetime.compareTo(DEFAULT_LIFETIME) < 0) {
      throw new IllegalArgumentException("an allocation must be allowed to last 10 minutes");
    }
    if (nonceLifetime.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a nonce must last a second at least");
    }
    if (relayAddresses.stream().map(RelayAddress::local).distinct().count()
        < relayAddresses.size()) {
      throw new IllegalArgumentException("a relay address is given twice");
    }
    relayAddresses = List.copyOf(relayAddresses);
    alternateAddresses = List.copyOf(alternateAddresses);
    ownAddresses = Set.copyOf(ownAddresses);
    ownServices = Set.copyOf(ownServices);
  }

  /** Defaults for everything that has one; relays nothing until it has relay addresses. */
  public static TurnSettings of(String realm) {
    return new TurnSettings(
        realm,
        "Bradawl",
        List.of(),
        49_152,
        65_535,
        List.of(),
        Set.of(),
        Set.of(),
        PeerRules.defaults(),
        LONGEST_LIFETIME,
        DEFAULT_NONCE_LIFETIME,
        Quotas.DEFAULT);
  }
}
