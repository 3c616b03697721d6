package org.bradawl.server.platform.control;

import java.time.Instant;
import java.time.InstantSource;

/** What the parts of {@link PersistenceContract} have in common. */
interface OnDatabase {

  Instant NOW = Instant.parse("2026-01-01T12:00:00.123456Z");

  InstantSource CLOCK = InstantSource.fixed(NOW);

  /** The database under test. */
  DatabaseSuite database();
}
