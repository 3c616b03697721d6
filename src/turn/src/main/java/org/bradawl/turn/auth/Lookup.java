package org.bradawl.turn.auth;

import java.time.Instant;
import org.bradawl.stun.IntegrityKey;

/** What a {@link CredentialSource} says of a name. */
public sealed interface Lookup {

  /** The key to check the request with; one that nobody knows, if the name is unknown. */
  IntegrityKey key();

  /**
   * The name is known.
   *
   * @param expires when the credential ends; {@link Instant#MAX} if it does not
   */
  record Found(IntegrityKey key, Principal principal, Instant expires) implements Lookup {}

  /** The name is known and its time is over. */
  record Expired(IntegrityKey key) implements Lookup {}

  /** Nobody has this name. */
  record Unknown(IntegrityKey key) implements Lookup {}
}
