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
import org.bradawl.server.http.boundary.Arrivals;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.ProblemType;

/** {@code /tokens}: an application's own server asks here for tokens of its peers. */
@Path("/tokens")
@RequestScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class TokensResource {

  @Inject private CredentialCheck check;
  @Inject private PeerTokens tokens;

  @Inject private HttpServletRequest request;
  @Inject private Arrivals arrivals;

  /** Makes a token. */
  @POST
  public Response create(InputStream body) {
    KnownKey key =
        switch (check.identify(Callers.credential(request), arrivals.of(request).client())) {
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
