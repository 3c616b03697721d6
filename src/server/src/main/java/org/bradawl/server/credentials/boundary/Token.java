package org.bradawl.server.credentials.boundary;

import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;

/**
 * A signed peer token.
 *
 * @param expires when it stops being good
 * @param peer whom it is for
 */
@JsonbPropertyOrder({"token", "expires", "peer", "application"})
public record Token(String token, Instant expires, String peer, String application) {

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "Token[peer=%s, expires=%s]".formatted(peer, expires);
  }
}
