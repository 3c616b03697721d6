package org.bradawl.server.traversals.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

  @Column(name = "attempt")
  private int attempt;

  @Column(name = "ending")
  private String ending = "";

  @Column(name = "initiator_kind")
  private String initiatorKind = "";

  @Column(name = "responder_kind")
  private String responderKind = "";

  @Column(name = "started_day")
  private int day;

  @Column(name = "relayed_millis")
  private @Nullable Long relayedMillis;

  @Column(name = "explanation")
  private String explanation = "";

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

  /** How the server's plan went. */
  public void planned(
      int newAttempt, String newEnding, @Nullable Long newRelayedMillis, String newExplanation) {
    attempt = newAttempt;
    ending = newEnding;
    relayedMillis = newRelayedMillis;
    explanation = newExplanation;
  }

  /**
   * What it is counted under.
   *
   * @param startedOn days since 1970
   */
  public void counted(String kindOfInitiator, String kindOfResponder, int startedOn) {
    initiatorKind = kindOfInitiator;
    responderKind = kindOfResponder;
    day = startedOn;
  }

  /** What was known of their NATs, and whatever else was told. */
  public void known(String natOfInitiator, String natOfResponder, String more) {
    initiatorNat = natOfInitiator;
    responderNat = natOfResponder;
    evidence = more;
  }
}
