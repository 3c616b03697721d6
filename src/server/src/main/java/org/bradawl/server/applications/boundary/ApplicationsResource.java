package org.bradawl.server.applications.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import org.bradawl.server.applications.boundary.ApplicationViews.Application;
import org.bradawl.server.applications.boundary.ApplicationViews.ApplicationPage;
import org.bradawl.server.applications.boundary.ApplicationViews.NewKey;
import org.bradawl.server.applications.control.ApplicationKeeper.MadeKey;
import org.bradawl.server.applications.control.ApplicationKeeper.Outcome;
import org.bradawl.server.applications.control.ApplicationNames;
import org.bradawl.server.applications.control.ApplicationRegistry;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.JsonBody;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.ProblemException;
import org.bradawl.server.http.boundary.ProblemType;
import org.jspecify.annotations.Nullable;

/** {@code /applications}: who may use this server, and with which keys. */
@Path("/applications")
@RequestScoped
@AdminOnly
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ApplicationsResource {

  @Inject private ApplicationAdministration administration;
  @Inject private ApplicationRegistry registry;

  /** A page of applications. */
  @GET
  public ApplicationPage list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return administration.list(Parameters.page(limit, cursor));
  }

  /** One application. */
  @GET
  @Path("/{name}")
  public Application one(@PathParam("name") String name) {
    return administration.find(existing(name)).orElseThrow(() -> absent(name));
  }

  /** Adds an application. */
  @POST
  public Response create(InputStream body) {
    String name =
        JsonBody.read(body)
            .string("name")
            .filter(ApplicationNames::isValid)
            .orElseThrow(() ->
                Problem.invalid("name", "is needed and must have " + ApplicationNames.RULE)
                    .exception());
    return answer(name, administration.create(name));
  }

  /** Adds a key. */
  @POST
  @Path("/{name}/keys")
  public Response addKey(@PathParam("name") String name) {
    return answer(name, administration.addKey(existing(name)));
  }

  /** Makes a key in place of all others. */
  @POST
  @Path("/{name}/rotate")
  public Response rotate(@PathParam("name") String name) {
    return answer(name, administration.rotate(existing(name)));
  }

  /** Revokes a key. */
  @DELETE
  @Path("/{name}/keys/{id}")
  public Response revokeKey(@PathParam("name") String name, @PathParam("id") String id) {
    return answer(name, administration.revokeKey(existing(name), Parameters.uuid(id, "key")));
  }

  /** Ends an application. */
  @DELETE
  @Path("/{name}")
  public Response delete(@PathParam("name") String name) {
    return answer(name, administration.delete(existing(name)));
  }

  private Response answer(String name, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Made(MadeKey key) -> {
        registry.reload();
        yield Response.created(URI.create("/api/v1/applications/" + name))
            .header("Cache-Control", "no-store")
            .entity(new NewKey(key.application(), key.id(), key.text(), key.hint(), key.created()))
            .build();
      }
      case Outcome.Done() -> {
        registry.reload();
        yield Response.noContent().build();
      }
      case Outcome.Absent() -> throw absent(name);
      case Outcome.Refused(String why) -> throw Problem.of(ProblemType.CONFLICT, why).exception();
    };
  }

  /** No application has a name that is none, so there is no need to ask. */
  private static String existing(String name) {
    if (!ApplicationNames.isValid(name)) {
      throw absent(name);
    }
    return name;
  }

  private static ProblemException absent(String name) {
    return Parameters.notFound(
        "There is no such application, or no such key of \"" + Parameters.shown(name) + "\".");
  }
}
