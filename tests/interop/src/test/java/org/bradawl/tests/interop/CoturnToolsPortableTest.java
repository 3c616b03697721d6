package org.bradawl.tests.interop;

/** On the engine that runs everywhere. */
class CoturnToolsPortableTest extends CoturnToolsContract {

  @Override
  String engine() {
    return "portable";
  }

  @Override
  String readyLineEnd() {
    return " engine portable";
  }
}
