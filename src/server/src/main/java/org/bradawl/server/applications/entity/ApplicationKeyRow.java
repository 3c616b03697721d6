package org.bradawl.server.applications.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code application_key}. */
@Entity
@Table(name = "application_key")
public class ApplicationKeyRow {

  @Id
  @Column(name = "id", updatable = false)
  private UUID id;

  @Column(name = "application_id")
  private UUID applicationId;

  @Column(name = "key_hash")
  private String keyHash;

  @Column(name = "hint")
  private String hint;

  @Column(name = "origin")
  private String origin;

  @Column(name = "created")
  private Instant created;

  @Column(name = "revoked")
  private @Nullable Instant revoked;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected ApplicationKeyRow() {}

  /** A new key. */
  public ApplicationKeyRow(
      UUID id, UUID applicationId, String keyHash, String hint, String origin, Instant created) {
    this.id = id;
    this.applicationId = applicationId;
    this.keyHash = keyHash;
    this.hint = hint;
    this.origin = origin;
    this.created = created;
  }

  /** The application it opens. */
  public UUID applicationId() {
    return applicationId;
  }

  /** The hash of the key's text. */
  public String keyHash() {
    return keyHash;
  }

  /** Whether it opens nothing any more. */
  public boolean isRevoked() {
    return revoked != null;
  }

  /** Makes it open nothing any more. */
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
