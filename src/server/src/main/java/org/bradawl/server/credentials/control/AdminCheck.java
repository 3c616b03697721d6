package org.bradawl.server.credentials.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.bradawl.server.platform.control.Secrets;

/** Recognises the admin token, in constant time, and counts those who guess it. */
@ApplicationScoped
public class AdminCheck {

  @Inject private Secrets secrets;
  @Inject private CredentialCheck others;
  @Inject private FailureLimit failures;

  /** What the check found. */
  public sealed interface Verdict {
    /** The admin token. */
    record Admin() implements Verdict {}

    /** A good credential that belongs to a peer or an application. */
    record SomebodyElse() implements Verdict {}

    /** Not a credential of this server. */
    record Unknown() implements Verdict {}

    /** The address is closed for this long. */
    record TooManyFailures(Duration retryAfter) implements Verdict {}
  }

  /** Checks a credential that came from {@code client}, and counts it if it is wrong. */
  public Verdict check(String credential, String client) {
    Duration wait = failures.waitFor(client);
    if (wait.isPositive()) {
      return new Verdict.TooManyFailures(wait);
    }
    if (secrets.isAdminToken(credential)) {
      return new Verdict.Admin();
    }
    // A wrong credential is counted there.
    return switch (others.identify(credential, client)) {
      case Identity.ApplicationKey key -> new Verdict.SomebodyElse();
      case Identity.PeerToken token -> new Verdict.SomebodyElse();
      case Identity.Nobody nobody ->
          nobody.why().refusal() == Refusal.EXPIRED
              ? new Verdict.SomebodyElse()
              : new Verdict.Unknown();
    };
  }
}
