package org.bradawl.datapath;

import org.bradawl.datapath.portable.PortableEngine;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.BeforeEach;

class EntrancePortableTest extends EntranceContract {

  private final Engine engine = new PortableEngine();

  @BeforeEach
  void runsHere() {
    Requires.that(engine.obstacle().isEmpty(), "needs an engine that runs: " + engine.obstacle());
  }

  @Override
  Engine engine() {
    return engine;
  }
}
