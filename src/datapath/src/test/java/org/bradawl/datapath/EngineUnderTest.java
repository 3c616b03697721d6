package org.bradawl.datapath;

import org.bradawl.datapath.linux.LinuxEngine;
import org.bradawl.datapath.portable.PortableEngine;
import org.bradawl.tests.support.Requires;

/** The engines, for tests that meet each of them. */
enum EngineUnderTest {
  PORTABLE,
  LINUX;

  /** Starts a relay; aborts the test with a reason where the engine does not run. */
  TestRelay relay(String... overrides) {
    return TestRelay.start(engine(), overrides);
  }

  /** The engine itself; aborts the test with a reason where it does not run. */
  Engine engine() {
    Engine engine =
        switch (this) {
          case PORTABLE -> new PortableEngine();
          case LINUX -> new LinuxEngine();
        };
    Requires.that(engine.obstacle().isEmpty(), "needs an engine that runs: " + engine.obstacle());
    return engine;
  }
}
