package org.bradawl.server.credentials.control;

import java.time.Duration;
import java.time.InstantSource;

/** Keeps the open demo from being a well of tokens: so many for each address, then a pause. */
public final class DemoLimit {

  /** A class of people behind one NAT, each reloading twice a minute. */
  private static final int TOKENS_PER_MINUTE = 60;

  private final FailureLimit taken;

  /** A limit over this clock. */
  public DemoLimit(InstantSource clock) {
    this.taken = new FailureLimit(TOKENS_PER_MINUTE, clock);
  }

  /** Takes one token's worth for this address: zero if it was there, else how long to wait. */
  public Duration take(String client) {
    Duration wait = taken.waitFor(client);
    if (wait.isZero()) {
      taken.failed(client);
    }
    return wait;
  }
}
