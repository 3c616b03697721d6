package org.bradawl.server.http.boundary;

import jakarta.json.Json;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers where nobody else does, instead of the container: paths that lead nowhere, methods that
 * files do not have, failures. People get a page, and programs below {@code /api} a problem. {@code
 * web.xml} sends every error here that has no body yet.
 */
@WebServlet(name = "errors", urlPatterns = "/error")
public class ErrorPages extends HttpServlet {

  private static final long serialVersionUID = 1L;

  /** Nothing but the style and the picture that it names. */
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    // Whoever asks for this path itself finds what they would find at any other.
    int status = code instanceof Integer known ? known : HttpServletResponse.SC_NOT_FOUND;
    String root = request.getContextPath();
    response.setStatus(status);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setCharacterEncoding("UTF-8");
    if (uri instanceof String path && path.startsWith(root + "/api/")) {
      response.setContentType(Problem.JSON);
      response.getWriter().write(problem(status));
    } else {
      response.setContentType("text/html");
      response.setHeader("Content-Security-Policy", POLICY);
      response.setHeader("Referrer-Policy", "no-referrer");
      response.getWriter().write(page(root, status));
    }
  }

  private static String problem(int status) {
    Problem problem = ContainerExceptionMapper.problem(status);
    return Json.createObjectBuilder()
        .add("type", problem.type())
        .add("title", problem.title())
        .add("status", problem.status())
        .add("detail", String.valueOf(problem.detail()))
        .build()
        .toString();
  }

  private static String page(String root, int status) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
      <title>%2$s · Bradawl</title>
      <link rel="icon" href="%1$s/favicon.svg" type="image/svg+xml">
      <link rel="stylesheet" href="%1$s/pages/style.css">
    </head>
    <body>
      <header class="top">
        <a class="brand" href="%1$s/"><img src="%1$s/favicon.svg" width="32" height="32" alt="">Bradawl</a>
      </header>
      <main class="alone">
        <h1>%2$s</h1>
        <p class="quiet">%3$s</p>
        <p><a class="button" href="%1$s/">To the first page</a></p>
        <p class="quiet small">HTTP status %4$d</p>
      </main>
    </body>
    </html>
    """
        .formatted(root, headline(status), explanation(status), status);
  }

  private static String headline(int status) {
    if (status == HttpServletResponse.SC_NOT_FOUND) {
      return "There is nothing here.";
    }
    return status < 500 ? "That cannot be done here." : "The server failed.";
  }

  private static String explanation(int status) {
    if (status == HttpServletResponse.SC_NOT_FOUND) {
      return "No page has this address; it may be mistyped.";
    }
    return status < 500
        ? "This address does not take such a request."
        : "That is not your fault. The server's log has the cause.";
  }
}
