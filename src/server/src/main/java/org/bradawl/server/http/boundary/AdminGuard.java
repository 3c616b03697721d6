package org.bradawl.server.http.boundary;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import java.util.Optional;
import org.bradawl.server.credentials.control.AdminCheck;

/** Lets nobody past but the bearer of the admin token, and lets nobody keep what the bearer got. */
@Provider
@AdminOnly
@Priority(Priorities.AUTHENTICATION)
public class AdminGuard implements ContainerRequestFilter, ContainerResponseFilter {

  @Inject private AdminCheck check;

  @Inject private HttpServletRequest request;
  @Inject private Arrivals arrivals;

  @Override
  public void filter(ContainerRequestContext context) {
    Optional<String> credential = Bearer.of(context.getHeaderString("Authorization"));
    if (credential.isEmpty()) {
      throw Problem.of(
              ProblemType.CREDENTIALS_MISSING,
              "Send the admin token as \"Authorization: Bearer …\". The server printed it at its"
                  + " first start, or bradawl.admin.token sets it.")
          .exception();
    }
    switch (check.check(credential.get(), arrivals.of(request).client())) {
      case AdminCheck.Verdict.Admin() -> {}
      case AdminCheck.Verdict.SomebodyElse() ->
          throw Problem.of(
                  ProblemType.NOT_ALLOWED,
                  "That is a peer token or an application key; this needs the admin token.")
              .exception();
      case AdminCheck.Verdict.Unknown() ->
          throw Problem.of(ProblemType.CREDENTIALS_UNKNOWN, "That is not the admin token.")
              .exception();
      case AdminCheck.Verdict.TooManyFailures(Duration wait) ->
          throw Problem.of(
                  ProblemType.TOO_MANY_FAILURES,
                  "Too many wrong credentials came from this address; try again in "
                      + wait.plusMillis(999).toSeconds()
                      + " s.")
              .exceptionAfter(wait);
    }
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    response.getHeaders().putSingle("Cache-Control", "no-store");
  }
}
