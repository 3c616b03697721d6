package org.bradawl.tests.architecture.violations.turn;

import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Waits and starts threads in every way. */
public class Threads {
  synchronized void run() throws InterruptedException {
    new Thread(() -> {}).start();
    Thread.ofVirtual().start(() -> {});
    Thread.sleep(1);
    TimeUnit.SECONDS.sleep(1);
    new Timer().cancel();
    Executors.newCachedThreadPool().shutdown();
    while (hashCode() == 0) {
      wait(1);
    }
  }
}
