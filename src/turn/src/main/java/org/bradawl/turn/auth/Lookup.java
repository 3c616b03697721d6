package org.bradawl.turn.auth;

import java.time.Instant;

/** What a {@link CredentialSource} says of a name. */
public sealed interface Lookup {

  /**
   * The name is known.
   *
   * @param expires when the credential ends; {@link Instant#MAX} if it does not
   */
  record Found(Principal principal, Instant expires) implements Lookup {}

  /** The name is known and its time is over. */
  record Expired() implements Lookup {}

  /** Nobody has this name. */
  record Unknown() implements Lookup {}
}
