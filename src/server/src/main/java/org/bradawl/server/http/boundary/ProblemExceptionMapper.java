package org.bradawl.server.http.boundary;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers with the problem that a resource threw. */
@Provider
public class ProblemExceptionMapper implements ExceptionMapper<ProblemException> {

  @Override
  public Response toResponse(ProblemException exception) {
    Response.ResponseBuilder response = exception.problem().response();
    if (!exception.retryAfter().isZero()) {
      // RFC 9110 §10.2.3 counts whole seconds; round up, so that coming back then is not too early.
      response.header("Retry-After", exception.retryAfter().plusMillis(999).toSeconds());
    }
    return response.build();
  }
}
