package org.bradawl.traversal.ice;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.traversal.CheckMessages;

/** Which side nominates, and how two that both want to, or both do not, come to terms. */
final class Role {

  /** What a request means for the role of the one it came to. */
  enum Verdict {
    AGREED,
    /** The role has been changed. */
    SWITCHED,
    /** The peer is to change its role, and is told so. */
    REFUSED
  }

  private final RandomGenerator random;
  private boolean controlling;
  private long tieBreaker;

  Role(boolean controlling, RandomGenerator random) {
    this.controlling = controlling;
    this.random = random;
    this.tieBreaker = random.nextLong();
  }

  boolean isControlling() {
    return controlling;
  }

  long tieBreaker() {
    return tieBreaker;
  }

  /** RFC 8445 §7.3.1.1: whoever has the larger tie-breaker controls. */
  Verdict judge(CheckMessages.Request request) {
    Optional<Long> same =
        controlling ? request.controllingTieBreaker() : request.controlledTieBreaker();
    if (same.isEmpty()) {
      return Verdict.AGREED;
    }
    boolean larger = Long.compareUnsigned(tieBreaker, same.get()) >= 0;
    if (larger == controlling) {
      return Verdict.REFUSED;
    }
    controlling = larger;
    return Verdict.SWITCHED;
  }

  /** RFC 8445 §7.2.5.1: the peer has refused a check that was sent in this role. */
  boolean refused(boolean asControlling) {
    // Of several that were under way the first has changed it already.
    if (asControlling != controlling) {
      return false;
    }
    controlling = !controlling;
    tieBreaker = random.nextLong();
    return true;
  }
}
