package org.bradawl.server.settings.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Duration;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.JsonBody;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.ProblemType;
import org.bradawl.server.settings.boundary.ConfigurationViews.SecretView;
import org.bradawl.server.settings.control.LiveSettings;
import org.bradawl.server.settings.control.TurnSecrets;

/** {@code /secret}: the secret of ephemeral credentials, which nobody is ever shown. */
@Path("/secret")
@RequestScoped
@AdminOnly
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class SecretResource {

  /** A month; nobody means longer, and the old secret would never go. */
  private static final long LONGEST_OVERLAP = 2_592_000;

  @Inject private TurnSecrets secrets;
  @Inject private LiveSettings settings;
  @Inject private ConfigurationAdministration administration;

  /** Whether one is being replaced. */
  @GET
  public SecretView state() {
    return new SecretView(
        configured(),
        secrets.current().before().map(before -> before.until().toString()).orElse(null));
  }

  /** Replaces it. */
  @POST
  public SecretView rotate(InputStream body) {
    Duration overlap =
        Duration.ofSeconds(
            JsonBody.read(body)
                .wholeNumber("overlap", 0, LONGEST_OVERLAP)
                .orElse(settings.current().operation().secretOverlap().toSeconds()));
    if (configured()) {
      throw Problem.of(
              ProblemType.CONFLICT,
              "The configuration gives bradawl.turn.secret; change it there, and the one before"
                  + " stays good for bradawl.turn.secret-overlap seconds.")
          .exception();
    }
    if (secrets.current().before().isPresent() && !overlap.isZero()) {
      throw Problem.of(
              ProblemType.CONFLICT,
              "The secret before is still good; wait, or rotate with \"overlap\": 0, which ends"
                  + " what was made with either.")
          .exception();
    }
    administration.rotateSecret(overlap);
    return state();
  }

  private boolean configured() {
    return settings.current().datapath().turn().secret().isPresent();
  }
}
