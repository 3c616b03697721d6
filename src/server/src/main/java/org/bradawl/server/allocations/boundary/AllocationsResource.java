package org.bradawl.server.allocations.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.bradawl.server.allocations.boundary.AllocationViews.Allocation;
import org.bradawl.server.allocations.boundary.AllocationViews.AllocationPage;
import org.bradawl.server.allocations.control.LiveAllocation;
import org.bradawl.server.allocations.control.LiveAllocations;
import org.bradawl.server.allocations.control.RelaySessionStore;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.Administrator;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.ProblemException;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.platform.control.Transactions;
import org.bradawl.turn.server.AllocationId;
import org.jspecify.annotations.Nullable;

/**
 * {@code /allocations}: relay sessions. Those that live are asked of the relay itself, so that the
 * list is right and can be acted on while the database is away.
 */
@Path("/allocations")
@RequestScoped
@AdminOnly
@Produces(MediaType.APPLICATION_JSON)
public class AllocationsResource {

  @Inject private LiveAllocations live;
  @Inject private RelaySessionStore sessions;
  @Inject private Transactions transactions;
  @Inject private RecordQueue records;
  @Inject private Administrator administrator;

  /** A page of allocations. */
  @GET
  public AllocationPage list(
      @QueryParam("state") @DefaultValue("live") String state,
      @QueryParam("application") @Nullable String application,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String of = Parameters.application(application);
    PageRequest page = Parameters.page(limit, cursor);
    return switch (state) {
      case "live", "" -> AllocationPage.ofLive(ofApplication(of), page);
      case "all" ->
          AllocationPage.ofRecord(
              transactions.call(() -> sessions.list(page.offset(), page.limit())), page);
      default -> throw Problem.invalid("state", "must be live or all").exception();
    };
  }

  private List<LiveAllocation> ofApplication(String name) {
    return live.all().stream()
        .filter(allocation ->
            name.isEmpty() || allocation.view().info().principal().application().equals(name))
        .toList();
  }

  /** One that lives. */
  @GET
  @Path("/{id}")
  public Allocation one(@PathParam("id") String id) {
    return live.find(id(id)).map(Allocation::of).orElseThrow(AllocationsResource::absent);
  }

  /** Ends one. */
  @DELETE
  @Path("/{id}")
  public Response end(@PathParam("id") String id) {
    AllocationId allocation = id(id);
    String user =
        live.find(allocation).map(found -> found.view().info().principal().user()).orElse("");
    if (!live.end(allocation)) {
      throw absent();
    }
    records.offer(administrator.acted("end-allocation", allocation.toString(), "of user " + user));
    return Response.noContent().build();
  }

  private static AllocationId id(String text) {
    try {
      return AllocationId.parse(text);
    } catch (IllegalArgumentException e) {
      throw absent();
    }
  }

  private static ProblemException absent() {
    return Parameters.notFound("No allocation with this id lives; it may have ended meanwhile.");
  }
}
