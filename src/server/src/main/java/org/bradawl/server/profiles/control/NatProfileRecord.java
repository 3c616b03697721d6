package org.bradawl.server.profiles.control;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The newest profile of a peer in a network.
 *
 * @param hairpinning null when it is not known
 * @param evidence the whole report, JSON
 * @param observed when; how old it is follows from it
 * @param standing how far it agrees with what the server sees
 * @param doubts what contradicts it, a sentence a line
 */
public record NatProfileRecord(
    UUID id,
    String application,
    String peer,
    String network,
    String mapping,
    String filtering,
    String legacyType,
    @Nullable Boolean hairpinning,
    String evidence,
    Instant observed,
    String standing,
    String doubts) {}
