package org.bradawl.server.credentials.control;

import java.util.List;

/**
 * The ICE servers for one peer: the answer of {@code GET /api/v1/ice-servers}, and a part of the
 * welcome of signaling.
 *
 * @param ttl seconds for which the credentials are good
 */
public record IceServers(List<IceServer> iceServers, long ttl) {

  /** Keeps its own copy of the list. */
  public IceServers {
    iceServers = List.copyOf(iceServers);
  }

  /**
   * The list alone as a JSON array, to be spliced into a frame. URLs, user names and passwords are
   * made here and contain nothing that JSON would escape.
   */
  public String listAsJson() {
    StringBuilder json = new StringBuilder(256).append('[');
    for (IceServer server : iceServers) {
      json.append(json.length() == 1 ? "" : ",").append("{\"urls\":[");
      for (int i = 0; i < server.urls().size(); i++) {
        json.append(i == 0 ? "\"" : ",\"").append(server.urls().get(i)).append('"');
      }
      json.append(']');
      if (server.username() != null) {
        json.append(",\"username\":\"").append(server.username()).append('"');
      }
      if (server.credential() != null) {
        json.append(",\"credential\":\"").append(server.credential()).append('"');
      }
      json.append('}');
    }
    return json.append(']').toString();
  }
}
