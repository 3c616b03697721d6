package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;

/** On the engine that is chosen when nothing is configured: on Linux its own. */
class CoturnToolsAutoTest extends CoturnToolsContract {

  @Override
  String engine() {
    return "auto";
  }

  @Override
  String readyLineEnd() {
    return " engine ";
  }

  /** So that all that is shown here is shown of that engine. */
  @Test
  void theLinuxEngineIsChosenWhereItRuns() {
    Requires.linux();
    assertThat(readyLine()).endsWith(" engine linux");
  }
}
