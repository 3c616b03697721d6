package org.bradawl.tests.architecture.violations.server.peers.control;

import org.bradawl.tests.architecture.violations.server.peers.entity.PeerRow;

/** Keeps rows to itself. */
public class InnocentStore {
  /** The key of a row. */
  public int key() {
    return new PeerRow().id();
  }
}
