package org.bradawl.tests.interop;

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
}
