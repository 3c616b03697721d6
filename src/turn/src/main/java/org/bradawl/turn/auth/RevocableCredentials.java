package org.bradawl.turn.auth;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Credentials that end with what they were made with, before their time.
 *
 * @param source knows the names
 * @param stands whether what a principal's credential was made with is still good; answers from
 *     memory
 */
public record RevocableCredentials(CredentialSource source, Predicate<Principal> stands)
    implements CredentialSource {

  @Override
  public Lookup find(Claim claim, Instant now) {
    Lookup lookup = source.find(claim, now);
    return switch (lookup) {
      case Lookup.Found found when !stands.test(found.principal()) ->
          new Lookup.Unknown(found.key());
      case Lookup.Found _, Lookup.Expired _, Lookup.Unknown _ -> lookup;
    };
  }

  @Override
  public Optional<CredentialSource> otherwise() {
    return source.otherwise().map(other -> new RevocableCredentials(other, stands));
  }

  @Override
  public boolean findsByHash() {
    return source.findsByHash();
  }

  @Override
  public Optional<String> thirdParty() {
    return source.thirdParty();
  }
}
