package org.bradawl.server.platform.control;

import java.time.Instant;
import java.util.UUID;

/** An admin action as the record has it. */
public record AuditEntry(
    UUID id, Instant happened, String actor, String action, String subject, String detail) {}
