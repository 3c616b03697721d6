package org.bradawl.tests.interop;

import java.util.List;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the engine that is chosen when nothing is configured. */
class CoturnToolsAutoTest extends CoturnToolsContract {

  @Override
  String engine() {
    return "auto";
  }

  @Override
  String readyLineEnd() {
    return " engine ";
  }

  /** {@code -g}: DONT-FRAGMENT, which needs an engine that can set the DF bit. */
  @ParameterizedTest
  @ValueSource(strings = {"-c", "-s"})
  void nothingIsLostWithDontFragment(String way) {
    Requires.that(engineIs("linux"), "needs the Linux engine");
    assertNothingLost(arguments(List.of("-g", way), STATIC_USER, peer("127.0.0.1"), "127.0.0.1"));
  }
}
