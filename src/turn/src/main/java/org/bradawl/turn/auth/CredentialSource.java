package org.bradawl.turn.auth;

import java.time.Instant;

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
   * @param username the name as it came in USERNAME
   * @param realm the realm of the request
   * @param now calendar time, against which credentials expire
   */
  Lookup find(String username, String realm, Instant now);
}
