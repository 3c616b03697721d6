package org.bradawl.server.credentials.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.bradawl.server.credentials.control.Admission;
import org.bradawl.server.credentials.control.IceServerSource;
import org.bradawl.server.credentials.control.PeerAdmission;
import org.bradawl.server.credentials.control.Presented;
import org.jspecify.annotations.Nullable;

/** {@code /ice-servers}: what a browser's {@code RTCPeerConnection} is configured with. */
@Path("/ice-servers")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class IceServersResource {

  @Inject private PeerAdmission admission;
  @Inject private IceServerSource iceServers;

  @Inject private HttpServletRequest request;

  /** The ICE servers for the caller. */
  @GET
  public Response get(@QueryParam("peer") @Nullable String peer) {
    Presented presented = new Presented(Callers.credential(request), peer, request.getRemoteAddr());
    return switch (admission.admit(presented)) {
      case Admission.Admitted admitted ->
          Response.ok(
                  iceServers.iceServers(
                      admitted.application(), admitted.peer(), Callers.reached(request)))
              .header("Cache-Control", "no-store")
              .build();
      case Admission.Refused refused -> throw Callers.problem(refused);
    };
  }
}
