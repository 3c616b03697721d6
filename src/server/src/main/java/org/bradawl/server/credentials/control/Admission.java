package org.bradawl.server.credentials.control;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** The answer to somebody who wants to act as a peer. */
public sealed interface Admission {

  /**
   * The caller may act as this peer.
   *
   * @param application the name of the application, the namespace of the peer
   * @param peer the peer's id; generated if the caller came with an application key and named none
   * @param until when the credential stops being valid; {@link Instant#MAX} for an application key
   * @param key the application key behind it: when that is revoked, what was admitted ends
   */
  record Admitted(String application, String peer, Instant until, UUID key) implements Admission {}

  /**
   * The caller may not.
   *
   * @param message what is wrong and what would be right, safe to show to the caller
   * @param retryAfter how long to stay away; zero unless the refusal is {@link
   *     Refusal#TOO_MANY_FAILURES}
   */
  record Refused(Refusal refusal, String message, Duration retryAfter) implements Admission {

    /** A refusal that has no waiting time. */
    public Refused(Refusal refusal, String message) {
      this(refusal, message, Duration.ZERO);
    }
  }
}
