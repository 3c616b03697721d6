package org.bradawl.datapath;

import org.bradawl.datapath.linux.LinuxEngine;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.BeforeEach;

/** The Linux engine as it is on a kernel that knows no runs of datagrams. */
class LinuxWithoutRunsTest extends EngineContract {

  private final Engine engine = LinuxEngine.withoutRuns();

  @BeforeEach
  void runsHere() {
    Requires.that(engine.obstacle().isEmpty(), "needs an engine that runs: " + engine.obstacle());
  }

  @Override
  Engine engine() {
    return engine;
  }
}
