package org.bradawl.agent.server;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.json.Json;

/** The server's REST, as far as an agent asks it. */
public final class RestClient {

  /** A server that is there answers at once; a user is waiting. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http;
  private final ServerAddress.Web server;
  private final Optional<String> token;

  /** A client that shows this token, if there is one. */
  public RestClient(HttpClient http, ServerAddress.Web server, Optional<String> token) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  /** The STUN and TURN servers for a peer. */
  public List<IceServer> iceServers(String peer) throws AgentException {
    return IceServer.read(get("/api/v1/ice-servers?peer=" + encoded(peer)).get("iceServers"));
  }

  /** Anything else; {@code path} begins with a slash. */
  public Json get(String path) throws AgentException {
    URI uri = server.at(path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
    try {
      return read(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AgentException(
          Kind.UNREACHABLE, server.base() + " does not answer: " + NoAnswer.reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentException(Kind.FAILED, "interrupted", e);
    }
  }

  private Json read(HttpResponse<String> response) throws AgentException {
    int status = response.statusCode();
    if (status / 100 == 2) {
      try {
        return Json.parse(response.body());
      } catch (IllegalArgumentException e) {
        throw new AgentException(
            Kind.FAILED, server.base() + " answers with something that is not JSON", e);
      }
    }
    Kind kind = status == 401 || status == 403 ? Kind.REFUSED : Kind.FAILED;
    throw new AgentException(kind, server.base() + " answers " + status + detail(response));
  }

  private static String detail(HttpResponse<String> response) {
    try {
      Json problem = Json.parse(response.body());
      return problem
          .get("detail")
          .text()
          .or(() -> problem.get("title").text())
          .map(text -> ": " + text)
          .orElse("");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** A text as part of a query or path. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
