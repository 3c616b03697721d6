package org.bradawl.server.traversals.control;

import java.time.Instant;
import java.util.UUID;

/**
 * A traversal as the record has it.
 *
 * @param path empty when it failed
 * @param initiatorNat the type of NAT last seen at the initiator when it was recorded
 * @param evidence whatever else the initiator told, JSON
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
    String evidence) {}
