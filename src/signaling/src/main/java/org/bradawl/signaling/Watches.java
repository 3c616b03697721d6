package org.bradawl.signaling;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who wants to know of whose presence. A peer may be watched before it first appears. */
final class Watches {

  private final Map<String, Set<Session>> byPeer = new HashMap<>();
  private final Limits limits;

  Watches(Limits limits) {
    this.limits = limits;
  }

  int size() {
    return byPeer.size();
  }

  void watch(Session session, String peer, @Nullable Session watched, Optional<String> id) {
    boolean already = session.watches().contains(peer);
    if (!already && session.watches().size() >= limits.watches()) {
      session.send(
          ServerFrames.error(
              ErrorCode.TOO_MANY_WATCHES,
              "unwatch a peer first: " + limits.watches() + " is the limit",
              id));
      return;
    }
    if (!already) {
      session.watching(peer);
      byPeer.computeIfAbsent(peer, p -> new LinkedHashSet<>()).add(session);
    }
    session.send(presence(peer, watched, id));
  }

  void unwatch(Session session, String peer, Optional<String> id) {
    if (!session.watches().contains(peer)) {
      session.send(ServerFrames.error(ErrorCode.UNKNOWN_WATCH, "you do not watch " + peer, id));
      return;
    }
    session.watchingNoMore(peer);
    forget(session, peer);
    session.send(ServerFrames.unwatched(peer, id));
  }

  void unwatchAll(Session session) {
    List.copyOf(session.watches())
        .forEach(peer -> {
          session.watchingNoMore(peer);
          forget(session, peer);
        });
  }

  /** Tells a peer's watchers how it is now. */
  void announce(String peer, @Nullable Session watched) {
    Set<Session> watchers = byPeer.get(peer);
    if (watchers != null) {
      String frame = presence(peer, watched, Optional.empty());
      watchers.forEach(watcher -> watcher.send(frame));
    }
  }

  void describeAllTo(Session session, Map<String, Session> sessions) {
    session
        .watches()
        .forEach(peer -> session.send(presence(peer, sessions.get(peer), Optional.empty())));
  }

  private void forget(Session session, String peer) {
    Set<Session> watchers = byPeer.get(peer);
    if (watchers != null && watchers.remove(session) && watchers.isEmpty()) {
      byPeer.remove(peer);
    }
  }

  private static String presence(String peer, @Nullable Session watched, Optional<String> id) {
    return ServerFrames.presence(peer, watched != null, watched != null && watched.away(), id);
  }
}
