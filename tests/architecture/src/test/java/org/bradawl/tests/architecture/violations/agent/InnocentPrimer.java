package org.bradawl.tests.architecture.violations.agent;

import org.bradawl.tests.architecture.violations.datapath.linux.LowTtl;

/** A peer that takes the one class it may. */
public class InnocentPrimer {
  LowTtl ttl = new LowTtl();
}
