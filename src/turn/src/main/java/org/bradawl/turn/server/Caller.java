package org.bradawl.turn.server;

import java.util.Optional;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.turn.auth.Principal;

/**
 * Who made a request that was found authentic, and how answers to it are protected: by the key and
 * the algorithm of the request (RFC 8489 §9.2.4).
 *
 * @param untilNanos when the credential ends, in the machine's monotonic time; a century ahead if
 *     it does not
 * @param tokenKeyId for the bearer of an access token, what USERNAME named its key by
 */
record Caller(
    Principal principal,
    IntegrityKey key,
    IntegrityAlgorithm algorithm,
    long untilNanos,
    Optional<String> tokenKeyId) {

  Encoder signing(Encoder encoder) {
    return encoder.signed(algorithm, key);
  }
}
