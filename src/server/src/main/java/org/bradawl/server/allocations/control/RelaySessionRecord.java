package org.bradawl.server.allocations.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A relay session as the record has it.
 *
 * @param additional the relayed address of the other family, empty if there was none
 * @param ended null while it lives
 * @param endReason null while it lives
 */
public record RelaySessionRecord(
    String id,
    String user,
    String application,
    String peer,
    String client,
    String relayed,
    String additional,
    String transport,
    Instant started,
    @Nullable Instant ended,
    long bytesUp,
    long packetsUp,
    long bytesDown,
    long packetsDown,
    @Nullable String endReason) {}
