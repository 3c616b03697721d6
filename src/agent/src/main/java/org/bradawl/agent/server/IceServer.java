package org.bradawl.agent.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bradawl.agent.json.Json;

/**
 * A STUN or TURN server with what it takes to use it: an element of what {@code RTCPeerConnection}
 * is configured with.
 */
public record IceServer(List<IceUri> uris, Optional<String> username, Optional<String> credential) {

  /** Copies the list. */
  public IceServer {
    uris = List.copyOf(uris);
  }

  /** Reads a list of them; what is no URI of ours is left out. */
  public static List<IceServer> read(Json list) {
    return list.list().stream()
        .map(server ->
            new IceServer(
                uris(server.get("urls")),
                server.get("username").text(),
                server.get("credential").text()))
        .toList();
  }

  private static List<IceUri> uris(Json urls) {
    List<String> texts = new ArrayList<>();
    urls.text().ifPresent(texts::add);
    urls.list().forEach(url -> url.text().ifPresent(texts::add));
    List<IceUri> uris = new ArrayList<>();
    for (String text : texts) {
      try {
        uris.add(IceUri.parse(text));
      } catch (IllegalArgumentException e) {
        // A kind of server that was invented later.
      }
    }
    return uris;
  }

  /** Never the password. */
  @Override
  public String toString() {
    return "IceServer" + uris;
  }
}
