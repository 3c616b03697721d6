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
import org.jspecify.annotations.Nullable;

/** {@code /nat-profiles}: what peers found out about the NATs they are behind. */
@Path("/nat-profiles")
@RequestScoped
@AdminOnly
@Transactional
@Produces(MediaType.APPLICATION_JSON)
public class NatProfilesResource {

  @Inject private NatProfileStore profiles;

  /** A page of profiles. */
  @GET
  public NatProfilePage list(
      @QueryParam("application") @Nullable String application,
      @QueryParam("peer") @Nullable String peer,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String ofApplication = Parameters.application(application);
    String ofPeer = Parameters.peer("peer", peer);
    PageRequest page = Parameters.page(limit, cursor);
    return NatProfilePage.of(
        profiles.list(ofApplication, ofPeer, page.offset(), page.limit()), page);
  }
}
