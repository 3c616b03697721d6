package org.bradawl.agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bradawl.traversal.frame.FromPeer;

/**
 * What this host has said about traversals that have not ended: a signaling connection that breaks
 * may have taken any of it along, so after a resume all of it is said again. The server takes no
 * harm from what it has had already. On the loop's thread alone.
 */
final class Pending {

  private final Consumer<FromPeer> out;
  private final Map<String, FromPeer.Connect> requests = new LinkedHashMap<>();
  private final Map<String, List<FromPeer.About>> byTraversal = new HashMap<>();

  /** Nothing is pending. */
  Pending(Consumer<FromPeer> out) {
    this.out = out;
  }

  /** Asks for a connection; pending under its label until the server answers. */
  void ask(String label, FromPeer.Connect request) {
    requests.put(label, request);
    out.accept(request);
  }

  /** The server has answered a request. */
  void answered(String label) {
    requests.remove(label);
  }

  /** Says something about a traversal; pending until that has ended. */
  void tell(FromPeer.About frame) {
    byTraversal.computeIfAbsent(frame.traversal(), _ -> new ArrayList<>()).add(frame);
    out.accept(frame);
  }

  /** A traversal is over, and nothing about it matters any more. */
  void ended(String traversal) {
    byTraversal.remove(traversal);
  }

  /** Says again what the server may not have got. */
  void repeat() {
    requests.values().forEach(request -> out.accept(request.repeated()));
    byTraversal.values().forEach(frames -> frames.forEach(out));
  }

  /** The server knows nothing of any of it any more. */
  void forgetTraversals() {
    byTraversal.clear();
  }
}
