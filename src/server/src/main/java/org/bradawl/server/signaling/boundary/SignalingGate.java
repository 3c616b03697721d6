package org.bradawl.server.signaling.boundary;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import org.bradawl.server.credentials.control.PeerAdmission;
import org.bradawl.server.credentials.control.Presented;
import org.bradawl.server.http.boundary.Arrival;
import org.bradawl.server.http.boundary.Arrivals;
import org.bradawl.server.signaling.control.Visitor;
import org.bradawl.signaling.Resumption;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who is calling before the connection becomes a WebSocket. Those who may not come in are
 * upgraded too, and told why by the endpoint: a browser shows a page nothing of an HTTP error.
 */
@WebFilter(filterName = "signaling", urlPatterns = SignalingEndpoint.PATH, asyncSupported = true)
public class SignalingGate extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final String BEARER = "Bearer ";

  @Inject private transient PeerAdmission admission;
  @Inject private transient Arrivals arrivals;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String userAgent = request.getHeader("User-Agent");
    Arrival arrival = arrivals.of(request);
    Caller caller =
        new Caller(
            admission.admit(
                new Presented(token(request), request.getParameter("peer"), arrival.client())),
            resumption(request),
            new Visitor(arrival.client(), userAgent == null ? "" : userAgent),
            arrival.reached());
    chain.doFilter(
        new HttpServletRequestWrapper(request) {
          @Override
          public Principal getUserPrincipal() {
            return caller;
          }

          // Tyrus asks for it; the name would come from DNS, which may be slow or away.
          @Override
          public String getLocalName() {
            return getLocalAddr();
          }

          @Override
          public <T extends HttpUpgradeHandler> T upgrade(Class<T> type)
              throws IOException, ServletException {
            return super.upgrade(LateReading.class).by(type);
          }
        },
        response);
  }

  private static @Nullable String token(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).trim()
        : request.getParameter("token");
  }

  private static Optional<Resumption> resumption(HttpServletRequest request) {
    String secret = request.getParameter("resume");
    String received = request.getParameter("received");
    if (secret == null || received == null || !received.matches("[0-9]{1,16}")) {
      return Optional.empty();
    }
    return Optional.of(new Resumption(secret, Long.parseLong(received)));
  }
}
