package org.bradawl.tests.architecture.violations.datapath;

import org.bradawl.tests.architecture.violations.server.peers.control.PeerStore;
import org.bradawl.tests.architecture.violations.turn.Machine;

/** The data path knows the server; the machine it may know. */
public class Shard {
  PeerStore store = new PeerStore();
  Machine innocent = new Machine();
}
