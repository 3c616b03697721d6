package org.bradawl.server.allocations.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code relay_session}, to be read: {@code RelaySessionBatch} writes it. */
@Entity
@Table(name = "relay_session")
public class RelaySessionRow {

  @Id
  @Column(name = "id", updatable = false)
  private String id;

  @Column(name = "user_name")
  private String userName;

  @Column(name = "application")
  private String application;

  @Column(name = "peer")
  private String peer;

  @Column(name = "client_address")
  private String clientAddress;

  @Column(name = "relayed_address")
  private String relayedAddress;

  @Column(name = "additional_address")
  private String additionalAddress;

  @Column(name = "transport")
  private String transport;

  @Column(name = "started")
  private Instant started;

  @Column(name = "ended")
  private @Nullable Instant ended;

  @Column(name = "bytes_up")
  private long bytesUp;

  @Column(name = "packets_up")
  private long packetsUp;

  @Column(name = "bytes_down")
  private long bytesDown;

  @Column(name = "packets_down")
  private long packetsDown;

  @Column(name = "end_reason")
  private @Nullable String endReason;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected RelaySessionRow() {}
}
