package org.bradawl.server.http.boundary;

import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem as RFC 9457 describes it.
 *
 * @param type where to read about this kind of problem, relative to this server
 * @param title what is wrong, the same for every occurrence
 * @param status the HTTP status, again
 * @param detail what is wrong this time, and what would be right
 * @param instance the id under which the server's log has the cause; only with status 500
 * @param errors the single values that are wrong; only with status 400
 */
@JsonbPropertyOrder({"type", "title", "status", "detail", "instance", "errors"})
public record Problem(
    String type,
    String title,
    int status,
    @Nullable String detail,
    @Nullable String instance,
    @Nullable List<InvalidValue> errors) {

  /** The media type of RFC 9457 §3. */
  public static final String JSON = "application/problem+json";

  /** Below this path each kind of problem is explained. */
  static final String TYPE_PREFIX = "/api/v1/problems/";

  /**
   * One value that is wrong.
   *
   * @param name the field, parameter or path segment
   * @param message what would be right
   */
  @JsonbPropertyOrder({"name", "message"})
  public record InvalidValue(String name, String message) {}

  /** A problem of this kind; {@code detail} says what is wrong this time. */
  public static Problem of(ProblemType type, @Nullable String detail) {
    return new Problem(TYPE_PREFIX + type.code(), type.title(), type.status(), detail, null, null);
  }

  /** A problem with one value. */
  public static Problem invalid(String name, String message) {
    return invalid(List.of(new InvalidValue(name, message)));
  }

  /** A problem with several values; the detail repeats them in words. */
  public static Problem invalid(List<InvalidValue> errors) {
    StringBuilder detail = new StringBuilder();
    for (InvalidValue error : errors) {
      detail.append(detail.isEmpty() ? "" : "; ");
      detail.append('"').append(error.name()).append("\" ").append(error.message());
    }
    ProblemType type = ProblemType.INVALID_VALUE;
    return new Problem(
        TYPE_PREFIX + type.code(),
        type.title(),
        type.status(),
        detail.toString(),
        null,
        List.copyOf(errors));
  }

  /** A failure of ours; the log has the cause under this id. */
  static Problem internal(String incident) {
    ProblemType type = ProblemType.INTERNAL_ERROR;
    return new Problem(
        TYPE_PREFIX + type.code(), type.title(), type.status(), null, incident, null);
  }

  /** To leave a resource with. */
  public ProblemException exception() {
    return new ProblemException(this, Duration.ZERO);
  }

  /** To leave a resource with, telling the client to stay away for a while. */
  public ProblemException exceptionAfter(Duration retryAfter) {
    return new ProblemException(this, retryAfter);
  }

  /** The response, ready for more headers. */
  Response.ResponseBuilder response() {
    Response.ResponseBuilder response =
        Response.status(status)
            .type(MediaType.valueOf(JSON))
            .header("Cache-Control", "no-store")
            .entity(this);
    // RFC 6750 §3: a 401 says which scheme is wanted.
    return status == 401
        ? response.header("WWW-Authenticate", "Bearer realm=\"bradawl\"")
        : response;
  }
}
