package org.bradawl.tests.architecture.violations.turn;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads every clock. */
public class Clocks {
  List<Object> times() {
    LongSupplier referenced = System::nanoTime;
    return List.of(
        System.nanoTime(),
        System.currentTimeMillis(),
        Instant.now(),
        Clock.systemUTC(),
        InstantSource.system(),
        LocalDate.now(ZoneOffset.UTC),
        date(),
        referenced);
  }

  @SuppressWarnings("JavaUtilDate") // one of the clocks to be found
  private static Object date() {
    return new Date();
  }
}
