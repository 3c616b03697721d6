package org.bradawl.signaling;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rooms of one application. A room exists while somebody is in it. */
final class Rooms {

  private final Map<String, Room> byName = new HashMap<>();
  private final Limits limits;

  Rooms(Limits limits) {
    this.limits = limits;
  }

  int size() {
    return byName.size();
  }

  void join(Session session, String name, Optional<String> id) {
    Room room = byName.get(name);
    if (room != null && room.has(session)) {
      room.describeTo(session, id);
    } else if (session.rooms().size() >= limits.rooms()) {
      session.send(
          ServerFrames.error(
              ErrorCode.TOO_MANY_ROOMS,
              "leave a room first: " + limits.rooms() + " is the limit",
              id));
    } else if (room != null && room.size() >= limits.roomPeers()) {
      session.send(ServerFrames.error(ErrorCode.ROOM_FULL, "the room " + name + " is full", id));
    } else {
      Room entered = room != null ? room : new Room(name);
      byName.put(name, entered);
      entered.enter(session);
      session.entered(entered);
      entered.describeTo(session, id);
    }
  }

  void leave(Session session, String name, Optional<String> id) {
    Room room = session.rooms().get(name);
    if (room == null) {
      session.send(
          ServerFrames.error(ErrorCode.UNKNOWN_ROOM, "you are not in the room " + name, id));
      return;
    }
    leave(session, room);
    session.send(ServerFrames.left(name, id));
  }

  void leaveAll(Session session) {
    List.copyOf(session.rooms().values()).forEach(room -> leave(session, room));
  }

  void describeAllTo(Session session) {
    session.rooms().values().forEach(room -> room.describeTo(session, Optional.empty()));
  }

  private void leave(Session session, Room room) {
    room.leave(session);
    session.gone(room);
    if (room.empty()) {
      byName.remove(room.name());
    }
  }
}
