package org.bradawl.server.traversals.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code traversal}. */
@Entity
@Table(name = "traversal")
public class TraversalRow {

  @Id
  @Column(name = "id", updatable = false)
  private UUID id;

  @Column(name = "application")
  private String application;

  @Column(name = "initiator")
  private String initiator;

  @Column(name = "responder")
  private String responder;

  @Column(name = "started")
  private Instant started;

  @Column(name = "finished")
  private Instant finished;

  @Column(name = "connected")
  private boolean connected;

  @Column(name = "path")
  private String path;

  @Column(name = "transport")
  private String transport;

  @Column(name = "local_address")
  private String localAddress;

  @Column(name = "remote_address")
  private String remoteAddress;

  @Column(name = "reason")
  private String reason;

  @Column(name = "initiator_nat")
  private String initiatorNat;

  @Column(name = "responder_nat")
  private String responderNat;

  @Column(name = "evidence")
  private String evidence;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected TraversalRow() {}

  /** One traversal, with what happened still to be told. */
  @SuppressWarnings("NullAway.Init") // went(), how() and known() follow
  public TraversalRow(UUID id, String application, String initiator, String responder) {
    this.id = id;
    this.application = application;
    this.initiator = initiator;
    this.responder = responder;
  }

  /** When it was and whether they got through. */
  public void went(Instant from, Instant until, boolean through, String why) {
    started = from;
    finished = until;
    connected = through;
    reason = why;
  }

  /** How they got through. */
  public void how(String pathTaken, String overTransport, String local, String remote) {
    path = pathTaken;
    transport = overTransport;
    localAddress = local;
    remoteAddress = remote;
  }

  /** What was known of their NATs, and whatever else was told. */
  public void known(String natOfInitiator, String natOfResponder, String more) {
    initiatorNat = natOfInitiator;
    responderNat = natOfResponder;
    evidence = more;
  }
}
