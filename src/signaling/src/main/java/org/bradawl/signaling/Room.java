package org.bradawl.signaling;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** A named group of sessions that learn of each other's coming and going. */
final class Room {

  private final String name;
  private final Set<Session> members = new LinkedHashSet<>();

  Room(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean has(Session session) {
    return members.contains(session);
  }

  int size() {
    return members.size();
  }

  boolean empty() {
    return members.isEmpty();
  }

  void enter(Session session) {
    String frame = ServerFrames.peerJoined(name, session.peer());
    members.forEach(member -> member.send(frame));
    members.add(session);
  }

  void leave(Session session) {
    members.remove(session);
    String frame = ServerFrames.peerLeft(name, session.peer());
    members.forEach(member -> member.send(frame));
  }

  /** Tells {@code session} who else is here. */
  void describeTo(Session session, Optional<String> id) {
    session.send(ServerFrames.joined(name, members, session, id));
  }
}
