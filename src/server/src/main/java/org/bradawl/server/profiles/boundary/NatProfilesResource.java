package org.bradawl.server.profiles.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.profiles.boundary.NatProfileViews.NatProfilePage;
import org.bradawl.server.profiles.control.NatProfileStore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /nat-profiles}: what peers found out about the NATs they are behind. */
@Path("/nat-profiles")
@RequestScoped
@AdminOnly
@Transactional
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = "admin")
@Tag(name = "NAT profiles", description = "What peers found out about the NATs they are behind.")
public class NatProfilesResource {

  @Inject private NatProfileStore profiles;

  /** A page of profiles. */
  @GET
  @Operation(operationId = "listNatProfiles", summary = "List NAT profiles, newest first")
  public NatProfilePage list(
      @Parameter(description = "Of this application only") @QueryParam("application")
          @Nullable String application,
      @Parameter(description = "Of this peer only") @QueryParam("peer") @Nullable String peer,
      @Parameter(description = "How many items a page has, 1 to 500; 50 if absent")
          @QueryParam("limit")
          @Nullable String limit,
      @Parameter(description = "The \"next\" of the page before") @QueryParam("cursor")
          @Nullable String cursor) {
    String ofApplication = Parameters.application(application);
    String ofPeer = Parameters.peer("peer", peer);
    PageRequest page = Parameters.page(limit, cursor);
    return NatProfilePage.of(
        profiles.list(ofApplication, ofPeer, page.offset(), page.limit()), page);
  }
}
