package org.bradawl.server.http.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Explains each kind of problem to whoever follows the {@code type} of one. */
@Path("/problems")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Problems", description = "What each kind of problem means. Open to everybody.")
public class ProblemsResource {

  /** One kind of problem. */
  @Schema(description = "One kind of problem, and what to do about it.")
  public record Explanation(String type, int status, String title, String remedy) {}

  /** All of them. */
  @GET
  @Operation(operationId = "listProblems", summary = "List every kind of problem")
  public List<Explanation> all() {
    return Arrays.stream(ProblemType.values()).map(ProblemsResource::explain).toList();
  }

  /** One of them. */
  @GET
  @Path("/{code}")
  @Operation(operationId = "getProblem", summary = "Explain one kind of problem")
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
