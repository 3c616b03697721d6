package org.bradawl.server.applications.control;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An application's key, without the key.
 *
 * @param hash SHA-256 of the key, 64 hexadecimal digits
 * @param hint the key's last characters, by which its owner recognises it
 * @param origin {@code configuration}, {@code generated} or {@code rest}
 * @param revoked null while it is in use
 */
public record KeyRecord(
    UUID id,
    UUID applicationId,
    String application,
    String hash,
    String hint,
    String origin,
    Instant created,
    @Nullable Instant revoked) {}
