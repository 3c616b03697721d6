package org.bradawl.server.traversals.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.traversals.boundary.TraversalViews.TraversalDetail;
import org.bradawl.server.traversals.boundary.TraversalViews.TraversalPage;
import org.bradawl.server.traversals.control.AttemptRecord;
import org.bradawl.server.traversals.control.Explanation;
import org.bradawl.server.traversals.control.TraversalRecord;
import org.bradawl.server.traversals.control.TraversalStore;
import org.jspecify.annotations.Nullable;

/** {@code /traversals}: how peers got through to each other, and what was tried. */
@Path("/traversals")
@RequestScoped
@AdminOnly
@Transactional
@Produces(MediaType.APPLICATION_JSON)
public class TraversalsResource {

  @Inject private TraversalStore traversals;

  /** A page of traversals. */
  @GET
  public TraversalPage list(
      @QueryParam("application") @Nullable String application,
      @QueryParam("peer") @Nullable String peer,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String ofApplication = Parameters.application(application);
    String ofPeer = Parameters.peer("peer", peer);
    PageRequest page = Parameters.page(limit, cursor);
    return TraversalPage.of(
        traversals.list(ofApplication, ofPeer, page.offset(), page.limit()), page);
  }

  /** One traversal, explained. */
  @GET
  @Path("/{id}")
  public TraversalDetail one(@PathParam("id") String id) {
    TraversalRecord told =
        traversals
            .find(Parameters.uuid(id, "traversal"))
            .orElseThrow(() -> Parameters.notFound("There is no traversal with this id."));
    List<AttemptRecord> attempts = traversals.attempts(told.id());
    return TraversalDetail.of(
        told, Explanation.of(told, attempts), Explanation.timeline(told, attempts));
  }
}
