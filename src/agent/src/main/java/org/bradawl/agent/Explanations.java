package org.bradawl.agent;

import java.net.http.HttpClient;
import java.util.Optional;
import java.util.UUID;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.server.RestClient;
import org.bradawl.agent.server.ServerAddress;

/** What the server remembers of traversals, with its explanations. */
public final class Explanations {

  private final RestClient rest;

  /** Asks this server; {@code token} must be its admin token. */
  public Explanations(ServerAddress.Web server, Optional<String> token) {
    this.rest = new RestClient(HttpClient.newHttpClient(), server, token);
  }

  /** A traversal by its id, or the last one of a peer. */
  public Json of(String what) throws AgentException {
    return rest.get("/api/v1/traversals/" + (isId(what) ? what : lastOf(what)));
  }

  private static boolean isId(String what) {
    try {
      return UUID.fromString(what).toString().equals(what);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private String lastOf(String peer) throws AgentException {
    Json page = rest.get("/api/v1/traversals?limit=1&peer=" + RestClient.encoded(peer));
    return page.get("items").list().stream()
        .findFirst()
        .flatMap(first -> first.get("id").text())
        .orElseThrow(
            () -> new AgentException(Kind.FAILED, "the server knows of no traversal of " + peer));
  }
}
