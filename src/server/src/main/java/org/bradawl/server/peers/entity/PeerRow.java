package org.bradawl.server.peers.entity;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code peer}. */
@Entity
@Table(name = "peer")
public class PeerRow {

  @EmbeddedId private PeerKey key;

  @Column(name = "first_seen")
  private Instant firstSeen;

  @Column(name = "last_seen")
  private Instant lastSeen;

  @Column(name = "online_since")
  private @Nullable Instant onlineSince;

  @Column(name = "user_agent")
  private String userAgent;

  @Column(name = "address")
  private String address;

  @Column(name = "gone_reason")
  private String goneReason;

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected PeerRow() {}

  /** A peer seen for the first time. */
  public PeerRow(PeerKey key, Instant firstSeen) {
    this.key = key;
    this.firstSeen = firstSeen;
    this.lastSeen = firstSeen;
    this.userAgent = "";
    this.address = "";
    this.goneReason = "";
  }

  /** It came online; an older message than the last one known changes nothing. */
  public void seen(Instant when, String agent, String from) {
    if (when.isBefore(lastSeen)) {
      return;
    }
    lastSeen = when;
    onlineSince = when;
    userAgent = agent;
    address = from;
    goneReason = "";
  }

  /** It went offline; an older message than the last one known changes nothing. */
  public void gone(Instant when, String reason) {
    if (when.isBefore(lastSeen)) {
      return;
    }
    lastSeen = when;
    onlineSince = null;
    goneReason = reason;
  }

  /** Its primary key. */
  public PeerKey key() {
    return key;
  }
}
