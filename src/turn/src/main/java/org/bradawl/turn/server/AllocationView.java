package org.bradawl.turn.server;

/**
 * An allocation as it is at one moment.
 *
 * @param expiresNanos when it ends unless refreshed, in monotonic time
 * @param permissions how many peer addresses it may exchange data with
 * @param channels how many channels are bound
 */
public record AllocationView(
    AllocationInfo info, long expiresNanos, int permissions, int channels, Traffic traffic) {}
