package org.bradawl.server.applications.control;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An application.
 *
 * @param origin {@code configuration}, {@code generated} or {@code rest}
 * @param revoked null while it is in use
 */
public record ApplicationRecord(
    UUID id, String name, String origin, Instant created, @Nullable Instant revoked) {}
