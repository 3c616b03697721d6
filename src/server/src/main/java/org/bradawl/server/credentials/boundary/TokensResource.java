package org.bradawl.server.credentials.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import org.bradawl.server.applications.control.KnownKeys.KnownKey;
import org.bradawl.server.credentials.control.CredentialCheck;
import org.bradawl.server.credentials.control.Identity;
import org.bradawl.server.credentials.control.PeerTokens;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.ProblemType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /tokens}: an application's own server asks here for tokens of its peers. */
@Path("/tokens")
@RequestScoped
@Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Peers' own", description = "What applications and their peers use themselves.")
public class TokensResource {

  @Inject private CredentialCheck check;
  @Inject private PeerTokens tokens;

  @Inject private HttpServletRequest request;

  /** Makes a token. */
  @POST
  @Operation(
      operationId = "createToken",
      summary = "Make a token for one peer",
      description =
          "For the application's own server: the application key must not reach a browser. The"
              + " token ends when its time is over, or when the key is revoked.")
  @SecurityRequirement(name = "application-key")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = TokenRequest.class)))
  @APIResponse(
      responseCode = "201",
      description = "The token",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Token.class)))
  @APIResponse(
      responseCode = "400",
      description = "The body, or a value in it, is wrong",
      content =
          @Content(
              mediaType = Problem.JSON,
              schema = @Schema(type = SchemaType.OBJECT, implementation = Problem.class)))
  @APIResponse(
      responseCode = "401",
      description = "The application key is missing or not known",
      content =
          @Content(mediaType = Problem.JSON, schema = @Schema(implementation = Problem.class)))
  public Response create(InputStream body) {
    KnownKey key =
        switch (check.identify(Callers.credential(request), request.getRemoteAddr())) {
          case Identity.ApplicationKey application -> application.key();
          case Identity.PeerToken token ->
              throw Problem.of(
                      ProblemType.NOT_ALLOWED,
                      "A peer token cannot make tokens; send the application's key.")
                  .exception();
          case Identity.Nobody nobody -> throw Callers.problem(nobody.why());
        };
    TokenRequest wanted = TokenRequest.read(body);
    PeerTokens.Minted minted =
        tokens.mint(key.application(), key.id(), wanted.peer(), Duration.ofSeconds(wanted.ttl()));
    return Response.status(Response.Status.CREATED)
        .header("Cache-Control", "no-store")
        .entity(new Token(minted.token(), minted.expires(), wanted.peer(), key.application()))
        .build();
  }
}
