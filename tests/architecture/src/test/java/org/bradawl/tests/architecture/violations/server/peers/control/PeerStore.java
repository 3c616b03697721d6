package org.bradawl.tests.architecture.violations.server.peers.control;

import jakarta.transaction.Transactional;
import org.bradawl.tests.architecture.violations.server.peers.boundary.PeerResource;
import org.bradawl.tests.architecture.violations.server.peers.entity.PeerRow;

/** Knows its caller, and begins transactions. */
@Transactional
public class PeerStore {
  /** Begins one more. */
  @Transactional
  public void save() {
    new PeerResource().show(new PeerRow());
  }
}
