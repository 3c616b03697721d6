package org.bradawl.server.settings.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.Administrator;
import org.bradawl.server.http.boundary.JsonBody;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.settings.control.Drain;
import org.jspecify.annotations.Nullable;

/** {@code /drain}: takes the node out of service and back. */
@Path("/drain")
@RequestScoped
@AdminOnly
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class DrainResource {

  /** A week; nobody waits longer for a call to end. */
  private static final long LONGEST_GRACE = 604_800;

  @Inject private Drain drain;
  @Inject private RecordQueue records;
  @Inject private Administrator administrator;

  /**
   * How far it is.
   *
   * @param state {@code serving}, {@code draining} or {@code drained}
   * @param deadline when what is left ends; null for never
   */
  @JsonbPropertyOrder({"state", "allocations", "since", "deadline"})
  public record DrainView(
      String state, int allocations, @Nullable String since, @Nullable String deadline) {}

  /** How far it is. */
  @GET
  public DrainView state() {
    int left = drain.left();
    Optional<Drain.Course> course = drain.course();
    return new DrainView(
        course.isEmpty() ? "serving" : left == 0 ? "drained" : "draining",
        left,
        course.map(begun -> begun.since().toString()).orElse(null),
        course.flatMap(Drain.Course::deadline).map(Object::toString).orElse(null));
  }

  /** Begins; with {@code seconds}, what is left after these ends. */
  @POST
  public DrainView begin(InputStream body) {
    OptionalLong seconds = JsonBody.read(body).wholeNumber("seconds", 0, LONGEST_GRACE);
    drain.begin(
        seconds.isPresent()
            ? Optional.of(Duration.ofSeconds(seconds.getAsLong()))
            : Optional.empty());
    records.offer(
        administrator.acted(
            "drain", "node", seconds.isPresent() ? seconds.getAsLong() + " s" : "no deadline"));
    return state();
  }

  /** Takes the node back in service. */
  @DELETE
  public DrainView end() {
    drain.end();
    records.offer(administrator.acted("undrain", "node", ""));
    return state();
  }
}
