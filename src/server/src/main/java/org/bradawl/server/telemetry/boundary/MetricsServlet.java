package org.bradawl.server.telemetry.boundary;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.bradawl.server.telemetry.control.Meters;

/**
 * {@code /metrics}: the meters as Prometheus reads them. Open to whoever reaches the port, like the
 * health checks: it tells numbers and no names.
 */
@WebServlet(name = "metrics", urlPatterns = "/metrics")
public class MetricsServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  @Inject private transient Meters meters;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String accept = request.getHeader("Accept");
    boolean open = accept != null && accept.contains("application/openmetrics-text");
    response.setContentType(open ? OPEN_METRICS : TEXT);
    response.setHeader("Cache-Control", "no-store");
    response.getWriter().write(meters.scrape(open ? OPEN_METRICS : TEXT));
  }
}
