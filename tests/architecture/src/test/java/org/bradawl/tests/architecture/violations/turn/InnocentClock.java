package org.bradawl.tests.architecture.violations.turn;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Takes what it is given. */
public class InnocentClock {
  Instant at(InstantSource calendar, RandomGenerator random) {
    return calendar.instant().plusNanos(random.nextInt());
  }
}
