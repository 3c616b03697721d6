package org.bradawl.stun;

import java.security.SecureRandom;

/** Where random tests begin: anew each time, or again where one failed. */
final class Seeds {

  private Seeds() {}

  /** The seed of {@code -Dbradawl.seed}, or a fresh one; printed either way. */
  static long next(String test) {
    long seed = Long.getLong("bradawl.seed", new SecureRandom().nextLong());
    System.out.println(test + ": -Dbradawl.seed=" + seed);
    return seed;
  }
}
