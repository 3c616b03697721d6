package org.bradawl.server.http.boundary;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Headers of the pages, the browser SDK and the protocol documents, which the container serves as
 * plain files.
 *
 * <p>They may be kept but must be asked for again, which costs an answer of a few bytes (304): a
 * page of the new version with modules of the old one would not work. Pages of other origins may
 * load the SDK and read the protocol: an ES module needs that to be said (Fetch standard, CORS).
 */
@WebFilter(
    urlPatterns = {
      "",
      "/index.html",
      "/pages/*",
      "/favicon.svg",
      "/console/*",
      "/demo/*",
      "/sdk/*",
      "/protocol/*"
    },
    asyncSupported = true)
public class PageHeaders extends HttpFilter {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("X-Content-Type-Options", "nosniff");
    String path = request.getServletPath();
    if (path.startsWith("/sdk/") || path.startsWith("/protocol/")) {
      response.setHeader("Access-Control-Allow-Origin", "*");
    }
    chain.doFilter(request, response);
  }
}
