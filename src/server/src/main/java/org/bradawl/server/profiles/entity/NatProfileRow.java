package org.bradawl.server.profiles.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code nat_profile}: the newest profile of a peer in a network. */
@Entity
@Table(name = "nat_profile")
public class NatProfileRow {

  @Id
  @Column(name = "id", updatable = false)
  private UUID id;

  @Column(name = "application")
  private String application;

  @Column(name = "peer")
  private String peer;

  @Column(name = "network")
  private String network;

  @Column(name = "mapping")
  private String mapping;

  @Column(name = "filtering")
  private String filtering;

  @Column(name = "legacy_type")
  private String legacyType;

  @Column(name = "hairpinning")
  private @Nullable Boolean hairpinning;

  @Column(name = "evidence")
  private String evidence;

  @Column(name = "observed")
  private Instant observed;

  @Column(name = "standing")
  private String standing = "unconfirmed";

  @Column(name = "doubts")
  private String doubts = "";

  /** For the persistence provider. */
  @SuppressWarnings("NullAway.Init")
  protected NatProfileRow() {}

  /** The first profile of a peer in a network. */
  @SuppressWarnings("NullAway.Init") // observe() follows
  public NatProfileRow(UUID id, String application, String peer, String network) {
    this.id = id;
    this.application = application;
    this.peer = peer;
    this.network = network;
    this.observed = Instant.EPOCH;
  }

  /** What the server thinks of what it was told at that time. */
  public void stand(Instant told, String newStanding, String newDoubts) {
    if (told.equals(observed)) {
      standing = newStanding;
      doubts = newDoubts;
    }
  }

  /** Takes over what was observed, unless something newer is known. */
  public void observe(
      Instant when,
      String newMapping,
      String newFiltering,
      String newLegacyType,
      @Nullable Boolean newHairpinning,
      String newEvidence) {
    if (when.isBefore(observed)) {
      return;
    }
    observed = when;
    mapping = newMapping;
    filtering = newFiltering;
    legacyType = newLegacyType;
    hairpinning = newHairpinning;
    evidence = newEvidence;
  }
}
