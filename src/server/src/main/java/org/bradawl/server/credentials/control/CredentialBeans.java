package org.bradawl.server.credentials.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.bradawl.server.applications.control.KnownKeys;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.platform.control.Secrets;

/** Makes the parts of this package that know nothing of a container. */
@ApplicationScoped
public class CredentialBeans {

  @Produces
  @Singleton
  PeerTokens tokens(Secrets secrets, InstantSource clock) {
    return new PeerTokens(secrets.tokenSigningKey(), clock);
  }

  @Produces
  @Singleton
  FailureLimit failures(Configuration configuration, InstantSource clock) {
    return new FailureLimit(configuration.access().failuresPerMinute(), clock);
  }

  @Produces
  @Singleton
  DemoLimit demoLimit(InstantSource clock) {
    return new DemoLimit(clock);
  }

  @Produces
  @Singleton
  CredentialCheck check(KnownKeys keys, PeerTokens tokens, FailureLimit failures) {
    return new CredentialCheck(keys, tokens, failures, new SecureRandom());
  }
}
