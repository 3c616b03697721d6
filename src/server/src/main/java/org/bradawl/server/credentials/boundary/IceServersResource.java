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
import org.bradawl.server.credentials.control.IceServers;
import org.bradawl.server.credentials.control.PeerAdmission;
import org.bradawl.server.credentials.control.Presented;
import org.bradawl.server.http.boundary.Problem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /ice-servers}: what a browser's {@code RTCPeerConnection} is configured with. */
@Path("/ice-servers")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Peers' own", description = "What applications and their peers use themselves.")
public class IceServersResource {

  private static final String EXAMPLE =
      """
      {"iceServers":[{"urls":["stun:turn.example.org:3478"]},
       {"urls":["turn:turn.example.org:3478?transport=udp",
                "turn:turn.example.org:3478?transport=tcp"],
        "username":"1767225600:demo/alice","credential":"dGhlIGNyZWRlbnRpYWw="}],
       "ttl":43200}\
      """;

  @Inject private PeerAdmission admission;
  @Inject private IceServerSource iceServers;

  @Inject private HttpServletRequest request;

  /** The ICE servers for the caller. */
  @GET
  @Operation(
      operationId = "getIceServers",
      summary = "Get the ICE servers for one peer",
      description =
          "Give the answer to RTCPeerConnection as it is. The credentials are good for ttl seconds;"
              + " ask again before a connection that begins later.")
  @SecurityRequirement(name = "peer-token")
  @SecurityRequirement(name = "application-key")
  @APIResponse(
      responseCode = "200",
      description = "The ICE servers",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              example = EXAMPLE,
              schema = @Schema(implementation = IceServers.class)))
  @APIResponse(
      responseCode = "401",
      description = "The credentials are missing, expired or not known",
      content =
          @Content(mediaType = Problem.JSON, schema = @Schema(implementation = Problem.class)))
  public Response get(
      @Parameter(
              description =
                  "The peer's id, with an application key; a fresh one is made if absent. With a"
                      + " peer token it must be the token's own.")
          @QueryParam("peer")
          @Nullable String peer) {
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
