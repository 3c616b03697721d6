package org.bradawl.tests.architecture.violations.turn;

import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Throws its own dice. */
public class Dice {
  List<Object> thrown() {
    return List.of(
        new SecureRandom(),
        new Random(),
        UUID.randomUUID(),
        Math.random(),
        ThreadLocalRandom.current().nextInt(),
        RandomGenerator.getDefault());
  }
}
