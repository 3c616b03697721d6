package org.bradawl.server.credentials.boundary;

import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.server.credentials.control.PeerIds;
import org.bradawl.server.http.boundary.JsonBody;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.Problem.InvalidValue;

/**
 * What an application asks a token for.
 *
 * @param peer the peer's id
 * @param ttl how long the token is good, in seconds
 */
record TokenRequest(String peer, long ttl) {

  /** An hour: long enough for a visit, short enough to lose. */
  static final long DEFAULT_TTL = Duration.ofHours(1).toSeconds();

  /** A month: whoever needs longer holds an application key. */
  static final long MAX_TTL = Duration.ofDays(30).toSeconds();

  private static final SecureRandom RANDOM = new SecureRandom();

  static TokenRequest read(InputStream stream) {
    JsonBody body = JsonBody.read(stream);
    Optional<String> peer = body.string("peer");
    Optional<String> subject = body.string("sub");
    List<InvalidValue> errors = new ArrayList<>();
    if (peer.isPresent() && subject.isPresent() && !peer.equals(subject)) {
      errors.add(new InvalidValue("sub", "means the same as \"peer\", but names another one"));
    }
    peer.filter(id -> !PeerIds.isValid(id)).ifPresent(id -> errors.add(badId("peer")));
    subject.filter(id -> !PeerIds.isValid(id)).ifPresent(id -> errors.add(badId("sub")));
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors).exception();
    }
    return new TokenRequest(
        peer.or(() -> subject).orElseGet(() -> PeerIds.generate(RANDOM)),
        body.wholeNumber("ttl", 1, MAX_TTL).orElse(DEFAULT_TTL));
  }

  private static InvalidValue badId(String field) {
    return new InvalidValue(field, "must have " + PeerIds.RULE);
  }
}
