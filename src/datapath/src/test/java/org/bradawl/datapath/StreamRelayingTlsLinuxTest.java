package org.bradawl.datapath;

import org.bradawl.datapath.linux.LinuxEngine;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.BeforeEach;

class StreamRelayingTlsLinuxTest extends StreamRelayingTlsContract {

  private final Engine engine = new LinuxEngine();

  @BeforeEach
  void runsHere() {
    Requires.that(engine.obstacle().isEmpty(), "needs an engine that runs: " + engine.obstacle());
  }

  @Override
  Engine engine() {
    return engine;
  }
}
