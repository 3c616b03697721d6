package org.bradawl.turn.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * Where keys come from. A source is an immutable snapshot: asking it never blocks, and a change of
 * configuration is another source.
 *
 * <p>Every answer carries a key, so that the machine does the same work for a name nobody has as
 * for a wrong password, and the time an answer takes tells nothing.
 */
public interface CredentialSource {

  /**
   * Looks a name up.
   *
   * @param now calendar time, against which credentials expire
   */
  Lookup find(Claim claim, Instant now);

  /**
   * Whether each of its names is also found by its hash. Only then may the server offer USERHASH,
   * because a client that is offered it must use it (RFC 8489 §9.2.5).
   */
  boolean findsByHash();

  /**
   * What the authorization server knows this server as, if this source takes access tokens: told to
   * clients in THIRD-PARTY-AUTHORIZATION (RFC 7635 §6.1).
   */
  default Optional<String> thirdParty() {
    return Optional.empty();
  }

  /** Where else to ask when a request does not fit the key of {@link #find}. */
  default Optional<CredentialSource> otherwise() {
    return Optional.empty();
  }
}
