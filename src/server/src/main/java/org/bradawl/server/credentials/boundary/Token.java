package org.bradawl.server.credentials.boundary;

import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A signed peer token.
 *
 * @param expires when it stops being good
 * @param peer whom it is for
 */
@Schema(name = "Token", description = "A signed peer token.")
@JsonbPropertyOrder({"token", "expires", "peer", "application"})
public record Token(
    @Schema(
            description =
                "A JWT (HS256) with sub, app, iat, exp and iss. Send it as Authorization: Bearer,"
                    + " or as ?token= to the WebSocket.")
        String token,
    @Schema(description = "When it stops being good", example = "2026-01-01T01:00:00Z")
        Instant expires,
    @Schema(description = "Whom it is for", example = "alice") String peer,
    @Schema(example = "demo") String application) {

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "Token[peer=%s, expires=%s]".formatted(peer, expires);
  }
}
