package org.bradawl.tests.architecture.violations.turn;

import java.util.logging.Logger;

/** Talks. */
public class Logs {
  void talk() {
    System.out.println("one");
    Logger.getLogger("two").info("two");
    System.getLogger("three").log(System.Logger.Level.INFO, "three");
  }
}
