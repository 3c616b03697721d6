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
import org.bradawl.server.http.boundary.Arrival;
import org.bradawl.server.http.boundary.Arrivals;
import org.jspecify.annotations.Nullable;

/** {@code /ice-servers}: what a browser's {@code RTCPeerConnection} is configured with. */
@Path("/ice-servers")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class IceServersResource {

  @Inject private PeerAdmission admission;
  @Inject private IceServerSource iceServers;

  @Inject private HttpServletRequest request;
  @Inject private Arrivals arrivals;

  /** The ICE servers for the caller. */
  @GET
  public Response get(@QueryParam("peer") @Nullable String peer) {
    Arrival arrival = arrivals.of(request);
    Presented presented = new Presented(Callers.credential(request), peer, arrival.client());
    return switch (admission.admit(presented)) {
      case Admission.Admitted admitted ->
          Response.ok(iceServers.iceServers(admitted, arrival.reached()))
              .header("Cache-Control", "no-store")
              .build();
      case Admission.Refused refused -> throw Callers.problem(refused);
    };
  }
}
