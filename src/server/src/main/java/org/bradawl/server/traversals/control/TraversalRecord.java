package org.bradawl.server.traversals.control;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A traversal as the record has it.
 *
 * @param path empty when it failed
 * @param initiatorNat the type of NAT last seen at the initiator when it was recorded
 * @param evidence whatever else the initiator told, JSON
 * @param attempt how many plans for these two had failed just before
 * @param ending in a word; empty when a peer told it by itself
 * @param relayedMillis when a relay carried the first byte, null if none did
 * @param explanation what the planner says, a sentence a line; empty when a peer told it by itself
 */
public record TraversalRecord(
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
    String initiatorNat,
    String responderNat,
    String evidence,
    int attempt,
    String ending,
    @Nullable Long relayedMillis,
    String explanation) {}
