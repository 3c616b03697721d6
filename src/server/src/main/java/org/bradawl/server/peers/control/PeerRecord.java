package org.bradawl.server.peers.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A peer as the record has it.
 *
 * @param onlineSince null while it is offline
 * @param goneReason why it went, empty while it is online
 */
public record PeerRecord(
    String application,
    String peer,
    Instant firstSeen,
    Instant lastSeen,
    @Nullable Instant onlineSince,
    String userAgent,
    String address,
    String goneReason) {}
