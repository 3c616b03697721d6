package org.bradawl.turn.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * Credentials that all end at a moment, if not before: those under a secret that another one has
 * replaced.
 */
public record PhasedOutCredentials(CredentialSource source, Instant end)
    implements CredentialSource {

  @Override
  public Lookup find(Claim claim, Instant now) {
    Lookup lookup = source.find(claim, now);
    return switch (lookup) {
      case Lookup.Found found when !now.isBefore(end) -> new Lookup.Expired(found.key());
      case Lookup.Found found when found.expires().isAfter(end) ->
          new Lookup.Found(found.key(), found.principal(), end);
      case Lookup.Found _, Lookup.Expired _, Lookup.Unknown _ -> lookup;
    };
  }

  @Override
  public Optional<String> thirdParty() {
    return source.thirdParty();
  }

  @Override
  public boolean findsByHash() {
    return source.findsByHash();
  }
}
