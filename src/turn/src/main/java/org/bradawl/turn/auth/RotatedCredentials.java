package org.bradawl.turn.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * Credentials under a new secret, and for a while those under the one before. A name does not tell
 * which secret its password was made with; the password does.
 */
public record RotatedCredentials(CredentialSource current, CredentialSource before)
    implements CredentialSource {

  @Override
  public Lookup find(Claim claim, Instant now) {
    return current.find(claim, now);
  }

  @Override
  public Optional<CredentialSource> otherwise() {
    return Optional.of(before);
  }

  @Override
  public boolean findsByHash() {
    return current.findsByHash() && before.findsByHash();
  }

  @Override
  public Optional<String> thirdParty() {
    return current.thirdParty();
  }
}
