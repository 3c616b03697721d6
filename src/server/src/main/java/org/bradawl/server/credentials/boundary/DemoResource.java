package org.bradawl.server.credentials.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import java.time.Duration;
import org.bradawl.server.applications.control.ApplicationRegistry;
import org.bradawl.server.applications.control.KnownKeys.KnownKey;
import org.bradawl.server.credentials.control.CredentialCheck;
import org.bradawl.server.credentials.control.DemoLimit;
import org.bradawl.server.credentials.control.Identity;
import org.bradawl.server.credentials.control.PeerIds;
import org.bradawl.server.credentials.control.PeerTokens;
import org.bradawl.server.http.boundary.Arrivals;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.ProblemType;

/**
 * {@code /demo/token}: what the demo page needs, open to everybody, and there only while the server
 * runs with its own application {@code demo}, that is in development.
 */
@Path("/demo/token")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class DemoResource {

  private static final Duration LIFETIME = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  @Inject private ApplicationRegistry applications;
  @Inject private CredentialCheck check;
  @Inject private PeerTokens tokens;
  @Inject private DemoLimit limit;

  @Inject private HttpServletRequest request;
  @Inject private Arrivals arrivals;

  /** Makes a token for a visitor; one that shows a token of its own keeps its peer id. */
  @POST
  public Response create() {
    KnownKey key =
        applications
            .demoKey()
            .orElseThrow(() ->
                Parameters.notFound(
                    "This server has no demo: it is there only while the server runs with its"
                        + " own application \"demo\"."));
    Duration wait = limit.take(arrivals.of(request).client());
    if (!wait.isZero()) {
      throw Problem.of(
              ProblemType.TOO_MANY_REQUESTS, "This address asked for very many demo tokens.")
          .exceptionAfter(wait);
    }
    String peer = peer(key);
    PeerTokens.Minted minted = tokens.mint(key.application(), key.id(), peer, LIFETIME);
    return Response.status(Response.Status.CREATED)
        .header("Cache-Control", "no-store")
        .entity(new Token(minted.token(), minted.expires(), peer, key.application()))
        .build();
  }

  private String peer(KnownKey key) {
    String credential = Callers.credential(request);
    if (credential != null
        && check.identify(credential, arrivals.of(request).client())
            instanceof Identity.PeerToken(PeerTokens.Claims claims)
        && claims.application().equals(key.application())) {
      return claims.peer();
    }
    return PeerIds.generate(RANDOM);
  }
}
