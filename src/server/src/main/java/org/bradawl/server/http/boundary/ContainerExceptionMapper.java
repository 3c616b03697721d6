package org.bradawl.server.http.boundary;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Turns what the JAX-RS implementation itself refuses (404, 405, 406, 415 …) into problems. */
@Provider
public class ContainerExceptionMapper implements ExceptionMapper<WebApplicationException> {

  @Override
  public Response toResponse(WebApplicationException exception) {
    Response original = exception.getResponse();
    int status = original.getStatus();
    if (status < 400) {
      return original;
    }
    Response.ResponseBuilder response = problem(status).response();
    // RFC 9110 §15.5.6: a 405 has to list what is allowed.
    String allow = original.getHeaderString("Allow");
    return allow == null ? response.build() : response.header("Allow", allow).build();
  }

  /** What there is to say of a status that came without a reason. */
  static Problem problem(int status) {
    return Problem.of(type(status), detail(status));
  }

  private static ProblemType type(int status) {
    for (ProblemType type : ProblemType.values()) {
      if (type.status() == status
          && type != ProblemType.MALFORMED_JSON
          && type != ProblemType.INVALID_VALUE) {
        return type;
      }
    }
    return status < 500 ? ProblemType.BAD_REQUEST : ProblemType.INTERNAL_ERROR;
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "There is nothing at this path; /openapi lists every path of the API.";
      case 405 -> "This path exists, but not with this method.";
      default -> type(status).remedy();
    };
  }
}
