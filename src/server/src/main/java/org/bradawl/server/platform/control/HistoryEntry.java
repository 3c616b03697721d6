package org.bradawl.server.platform.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that happened and is to be kept. Each entry is complete in itself and names the row it
 * ends up in, so that writing one twice does no harm and one lost entry spoils no other.
 *
 * <p>Texts longer than their column are cut when they are written.
 */
public sealed interface HistoryEntry {

  /** How many characters of a report weigh as much as an entry without one. */
  int CHARACTERS_PER_WEIGHT = 512;

  /** How much room it takes while it waits: 1 for most, more for those that carry a long report. */
  default int weight() {
    return 1;
  }

  /**
   * A relay session as both its entries carry it.
   *
   * @param id the allocation's id
   * @param user the whole user name, without the expiry of an ephemeral one
   * @param application the application, or empty
   * @param peer the peer
   * @param client the client's address and port
   * @param relayed the relayed address and port
   * @param additional the same in the other family, or empty
   * @param transport {@code udp} or {@code tcp}, between client and server
   * @param started the same in both
   */
  record RelaySession(
      String id,
      String user,
      String application,
      String peer,
      String client,
      String relayed,
      String additional,
      String transport,
      Instant started) {}

  /** Something that is told of a relay session, and ends up in its one row. */
  sealed interface RelayTold extends HistoryEntry {

    /** Which session. */
    RelaySession session();
  }

  /** A relay session began. */
  record RelayStarted(RelaySession session) implements RelayTold {}

  /**
   * A relay session ended.
   *
   * @param reason in lower case with hyphens, such as {@code expired}
   */
  record RelayEnded(
      RelaySession session,
      Instant ended,
      long bytesUp,
      long packetsUp,
      long bytesDown,
      long packetsDown,
      String reason)
      implements RelayTold {}

  /**
   * A peer came online.
   *
   * @param userAgent what it says it is, or empty
   * @param address where it came from, or empty
   */
  record PeerSeen(String application, String peer, Instant when, String userAgent, String address)
      implements HistoryEntry {}

  /** A peer went offline for good: it left, or did not come back in time. */
  record PeerGone(String application, String peer, Instant when, String reason)
      implements HistoryEntry {}

  /**
   * What a peer found out about the network it is in. A newer one replaces an older one of the same
   * peer and network.
   *
   * @param network the peer's name for the network, or empty
   * @param mapping as in the agent's report, {@code unknown} where it could not tell
   * @param filtering likewise
   * @param legacyType likewise
   * @param hairpinning empty where it could not tell
   * @param evidence the whole report, JSON
   */
  record NatProfileReported(
      String application,
      String peer,
      String network,
      String mapping,
      String filtering,
      String legacyType,
      Optional<Boolean> hairpinning,
      String evidence,
      Instant observed)
      implements HistoryEntry {
    @Override
    public int weight() {
      return 1 + evidence.length() / CHARACTERS_PER_WEIGHT;
    }
  }

  /**
   * One way that was tried in a traversal.
   *
   * @param kind what was tried, such as {@code host}, {@code srflx} or {@code relay}
   * @param outcome {@code succeeded}, {@code failed} or {@code not-needed}
   */
  record Attempt(
      String kind, String local, String remote, String outcome, Duration took, String detail) {}

  /**
   * How two peers got through to each other, or did not, as one of them tells it.
   *
   * @param id chosen by whoever reports, so that the same report twice is one row
   * @param initiator the peer that tells it
   * @param connected whether they did
   * @param path one of the paths of the agent's output; empty when it failed
   * @param transport {@code udp}, {@code tcp} or empty
   * @param reason why this path, or why none
   * @param evidence whatever else it told, JSON
   */
  record TraversalReported(
      UUID id,
      String application,
      String initiator,
      String responder,
      Instant started,
      Instant finished,
      boolean connected,
      String path,
      String transport,
      String local,
      String remote,
      String reason,
      String evidence,
      List<Attempt> attempts)
      implements HistoryEntry {
    /** Keeps the attempts as they are. */
    public TraversalReported {
      attempts = List.copyOf(attempts);
    }

    @Override
    public int weight() {
      return 1 + attempts.size() + evidence.length() / CHARACTERS_PER_WEIGHT;
    }
  }

  /**
   * A profile as the server took it: with what it thinks of it.
   *
   * @param standing {@code confirmed}, {@code unconfirmed} or {@code doubted}
   * @param doubts what contradicts it, a sentence a line
   */
  record NatProfileTaken(NatProfileReported profile, String standing, String doubts)
      implements HistoryEntry {
    @Override
    public int weight() {
      return profile.weight();
    }
  }

  /**
   * A step of a traversal that the server planned; {@code attempt} has how it went.
   *
   * @param taught whether it counts in the history of such NATs
   */
  record PlannedAttempt(Attempt attempt, String transport, Duration startedAfter, boolean taught) {}

  /**
   * A traversal that the server planned. The attempts of {@code told} are empty.
   *
   * @param attempt how many plans for these two had failed just before
   * @param ending in a word, more precise than whether they are connected
   * @param initiatorNat RFC 3489's name, when the plan was made
   * @param initiatorKind mapping, filtering and ports
   * @param relayedAfter when a relay carried the first byte, if one did
   * @param explanation a sentence a line
   */
  record TraversalBrokered(
      TraversalReported told,
      int attempt,
      String ending,
      String initiatorNat,
      String responderNat,
      String initiatorKind,
      String responderKind,
      Optional<Duration> relayedAfter,
      String explanation,
      List<PlannedAttempt> attempts)
      implements HistoryEntry {
    /** Keeps the attempts as they are. */
    public TraversalBrokered {
      attempts = List.copyOf(attempts);
    }

    @Override
    public int weight() {
      return told.weight() + attempts.size() + explanation.length() / CHARACTERS_PER_WEIGHT;
    }
  }

  /**
   * An administrator did something.
   *
   * @param actor who, such as {@code admin-token} and the address it came from
   * @param action a verb and its object, such as {@code end-allocation}
   * @param subject what it was done to
   */
  record AdminActed(
      UUID id, Instant when, String actor, String action, String subject, String detail)
      implements HistoryEntry {}
}
