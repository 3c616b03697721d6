package org.bradawl.tests.architecture.violations.stun;

import org.bradawl.tests.architecture.violations.turn.Machine;

/** The codec knows the machine. */
public class Codec {
  Machine machine = new Machine();
}
