package org.bradawl.tests.architecture.violations.server.peers.boundary;

import org.bradawl.tests.architecture.violations.server.peers.entity.PeerRow;

/** Shows a row to the world. */
public class PeerResource {
  /** The row. */
  public String show(PeerRow row) {
    return "peer " + row.id();
  }
}
