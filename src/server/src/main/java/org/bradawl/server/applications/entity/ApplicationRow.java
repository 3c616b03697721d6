package org.bradawl.server.applications.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code application}. */
@Entity
@Table(name = "application")
public class ApplicationRow {

  @Id
  @Column(name = "id", updatable = false)
  private UUID id;

  @Column(name = "name")
  private String name;

  @Column(name = "origin")
  private String origin;

  @Column(name = "created")
  private Instant created;

  @Column(name = "revoked")
  private @Nullable Instant revoked;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected ApplicationRow() {}

  /** A new application. */
  public ApplicationRow(UUID id, String name, String origin, Instant created) {
    this.id = id;
    this.name = name;
    this.origin = origin;
    this.created = created;
  }

  /** Its id. */
  public UUID id() {
    return id;
  }

  /** Lets nobody in any more. */
  public void revoke(Instant when) {
    if (revoked == null) {
      revoked = when;
    }
  }

  /** Takes it back in use. */
  public void restore() {
    revoked = null;
  }
}
