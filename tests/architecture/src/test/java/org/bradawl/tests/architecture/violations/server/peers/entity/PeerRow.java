package org.bradawl.tests.architecture.violations.server.peers.entity;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A row. */
@Entity
public class PeerRow {
  @Id private int id;

  /** The key. */
  public int id() {
    return id;
  }
}
