package org.bradawl.tests.architecture.violations.datapath;

import java.lang.foreign.Arena;

/** Touches memory outside the fence. */
public class Native {
  Arena arena() {
    return Arena.ofAuto();
  }
}
