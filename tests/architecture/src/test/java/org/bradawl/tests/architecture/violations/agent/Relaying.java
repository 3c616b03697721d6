package org.bradawl.tests.architecture.violations.agent;

import org.bradawl.tests.architecture.violations.datapath.Shard;

/** A peer that takes more of the data path than it may. */
public class Relaying {
  Shard shard = new Shard();
}
