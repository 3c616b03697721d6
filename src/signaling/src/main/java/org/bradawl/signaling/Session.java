package org.bradawl.signaling;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One peer's session: both sequences, and what it takes part in. Belongs to its {@link Exchange}.
 */
final class Session {

  private final String peer;
  private final String id;
  private final Instant since;
  private final Outbox outbox = new Outbox();
  private final RateLimiter rate;

  /** The secret of the last welcome. */
  private String secret = "";

  /**
   * The secret that the client is known to have: a connection may break before its welcome arrives,
   * and then the client comes back with the one before.
   */
  private String knownSecret = "";

  private long received;
  private @Nullable Attachment attachment;
  private boolean ended;
  private long heardNanos;
  private long attachedNanos;
  private long lostNanos;

  // Most sessions are never refused, join few rooms, and watch and write to few peers: made when
  // needed.
  private @Nullable RateLimiter refusals;
  private @Nullable Map<String, Room> rooms;
  private @Nullable List<String> watches;
  private @Nullable Map<String, Long> delivered;

  Session(String peer, String id, Instant since, Limits limits, long nowNanos) {
    this.peer = peer;
    this.id = id;
    this.since = since;
    this.rate = new RateLimiter(limits.rate(), limits.burst(), nowNanos);
    this.heardNanos = nowNanos;
    this.lostNanos = nowNanos;
  }

  String peer() {
    return peer;
  }

  String id() {
    return id;
  }

  Instant since() {
    return since;
  }

  String secret() {
    return secret;
  }

  /** Whether a client with this secret may go on with this session. */
  boolean opensWith(String presented) {
    return same(secret, presented) || same(knownSecret, presented);
  }

  private static boolean same(String expected, String presented) {
    return !expected.isEmpty()
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
  }

  /** The client has presented this secret. */
  void resumedWith(String presented) {
    knownSecret = presented;
  }

  Outbox outbox() {
    return outbox;
  }

  /** The highest number of the client's sequence that was taken. */
  long received() {
    return received;
  }

  void received(long seq) {
    received = seq;
  }

  boolean live() {
    return !ended;
  }

  void end() {
    ended = true;
    attachment = null;
  }

  @Nullable Attachment attachment() {
    return attachment;
  }

  void attach(Attachment now, String newSecret, long nowNanos) {
    attachment = now;
    secret = newSecret;
    heardNanos = nowNanos;
    attachedNanos = nowNanos;
  }

  void detach(long nowNanos) {
    attachment = null;
    lostNanos = nowNanos;
  }

  boolean away() {
    return attachment == null;
  }

  long lostNanos() {
    return lostNanos;
  }

  long heardNanos() {
    return heardNanos;
  }

  /** A frame came over the present connection, so its welcome has arrived. */
  void heard(long nowNanos) {
    heardNanos = nowNanos;
    knownSecret = secret;
  }

  /** Since when the present connection has owed an acknowledgement; now if it owes none. */
  long owingSinceNanos(long nowNanos) {
    Outbox.Kept oldest = outbox.oldest();
    if (oldest == null) {
      return nowNanos;
    }
    return oldest.sinceNanos() - attachedNanos > 0 ? oldest.sinceNanos() : attachedNanos;
  }

  /** Counts a frame against the rate. */
  boolean withinRate(long nowNanos) {
    return rate.take(nowNanos);
  }

  /**
   * Counts a frame that was over the rate. Who sends at more than twice the rate for longer than a
   * burst is not slowing down.
   *
   * @return whether it is enough
   */
  boolean floods(Limits limits, long nowNanos) {
    if (refusals == null) {
      refusals = new RateLimiter(limits.rate(), limits.burst(), nowNanos);
    }
    return !refusals.take(nowNanos);
  }

  /** Sends if there is a connection; what needs to survive its loss is in the outbox besides. */
  void send(String frame) {
    Attachment current = attachment;
    if (current != null) {
      current.link().send(frame);
    }
  }

  /** By name; for reading. */
  Map<String, Room> rooms() {
    return rooms == null ? Map.of() : rooms;
  }

  void entered(Room room) {
    if (rooms == null) {
      rooms = new LinkedHashMap<>();
    }
    rooms.put(room.name(), room);
  }

  void gone(Room room) {
    if (rooms != null) {
      rooms.remove(room.name());
    }
  }

  /** For reading. */
  List<String> watches() {
    return watches == null ? List.of() : watches;
  }

  void watching(String other) {
    if (watches == null) {
      watches = new ArrayList<>(2);
    }
    watches.add(other);
  }

  void watchingNoMore(String other) {
    if (watches != null) {
      watches.remove(other);
    }
  }

  /** Up to which of this session's messages each peer has acknowledged; for reading. */
  Map<String, Long> delivered() {
    return delivered == null ? Map.of() : delivered;
  }

  /**
   * Remembers what a peer has acknowledged. Of more than {@code most} peers the one longest without
   * news is forgotten: its last notification is far behind in the stream.
   */
  void delivered(String to, long seq, int most) {
    if (delivered == null) {
      delivered = new LinkedHashMap<>(4);
    }
    delivered.remove(to);
    delivered.put(to, seq);
    if (delivered.size() > most) {
      delivered.remove(delivered.keySet().iterator().next());
    }
  }
}
