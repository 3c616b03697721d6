package org.bradawl.server.traversals.entity;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A row of {@code traversal_attempt}: one way that was tried. */
@Entity
@Table(name = "traversal_attempt")
public class AttemptRow {

  @EmbeddedId private AttemptKey key;

  @Column(name = "kind")
  private String kind;

  @Column(name = "local_address")
  private String localAddress;

  @Column(name = "remote_address")
  private String remoteAddress;

  @Column(name = "outcome")
  private String outcome;

  @Column(name = "took_millis")
  private long tookMillis;

  @Column(name = "detail")
  private String detail;

  @Column(name = "transport")
  private String transport = "";

  @Column(name = "started_millis")
  private long startedMillis;

  @Column(name = "taught")
  private boolean taught;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected AttemptRow() {}

  /** One way that was tried. */
  public AttemptRow(
      AttemptKey key,
      String kind,
      String localAddress,
      String remoteAddress,
      String outcome,
      long tookMillis,
      String detail) {
    this.key = key;
    this.kind = kind;
    this.localAddress = localAddress;
    this.remoteAddress = remoteAddress;
    this.outcome = outcome;
    this.tookMillis = tookMillis;
    this.detail = detail;
  }

  /** How the server's plan had it. */
  public void planned(String overTransport, long startedAfterMillis, boolean counts) {
    transport = overTransport;
    startedMillis = startedAfterMillis;
    taught = counts;
  }

  /** Its primary key. */
  public AttemptKey key() {
    return key;
  }
}
