package org.bradawl.tests.architecture.violations.datapath.linux;

import java.lang.foreign.Arena;

/** Touches memory inside the fence. */
public class InnocentMemory {
  Arena arena() {
    return Arena.ofAuto();
  }
}
