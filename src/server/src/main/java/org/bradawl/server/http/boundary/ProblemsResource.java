package org.bradawl.server.http.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;

/** Explains each kind of problem to whoever follows the {@code type} of one. */
@Path("/problems")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ProblemsResource {

  /** One kind of problem. */
  public record Explanation(String type, int status, String title, String remedy) {}

  /** All of them. */
  @GET
  public List<Explanation> all() {
    return Arrays.stream(ProblemType.values()).map(ProblemsResource::explain).toList();
  }

  /** One of them. */
  @GET
  @Path("/{code}")
  public Explanation one(@PathParam("code") String code) {
    return Arrays.stream(ProblemType.values())
        .filter(type -> type.code().equals(code))
        .findFirst()
        .map(ProblemsResource::explain)
        .orElseThrow(() ->
            Problem.of(ProblemType.NOT_FOUND, "/api/v1/problems lists every kind of problem.")
                .exception());
  }

  private static Explanation explain(ProblemType type) {
    return new Explanation(
        Problem.TYPE_PREFIX + type.code(), type.status(), type.title(), type.remedy());
  }
}
