package org.bradawl.server.platform.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code audit}: something an administrator did. */
@Entity
@Table(name = "audit")
public class AuditRow {

  @Id
  @Column(name = "id", updatable = false)
  private UUID id;

  @Column(name = "happened")
  private Instant happened;

  @Column(name = "actor")
  private String actor;

  @Column(name = "action")
  private String action;

  @Column(name = "subject")
  private String subject;

  @Column(name = "detail")
  private String detail;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected AuditRow() {}

  /** One action. */
  public AuditRow(
      UUID id, Instant happened, String actor, String action, String subject, String detail) {
    this.id = id;
    this.happened = happened;
    this.actor = actor;
    this.action = action;
    this.subject = subject;
    this.detail = detail;
  }
}
