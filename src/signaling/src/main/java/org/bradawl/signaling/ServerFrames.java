package org.bradawl.signaling;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Writes the server's frames. Names, identifiers and codes need no escaping by their alphabets;
 * messages are this package's own constants; payloads and {@code id}s are JSON already.
 */
public final class ServerFrames {

  /** What surrounds a payload: type, names, numbers. */
  private static final int ENVELOPE = 192;

  private ServerFrames() {}

  /** Closes a connection, or refuses it before there is a session. */
  public static String closing(Closing closing) {
    StringBuilder frame = new StringBuilder(ENVELOPE);
    frame.append("{\"type\":\"closing\",\"reason\":\"").append(closing.wire());
    frame.append("\",\"code\":").append(closing.code());
    frame.append(",\"resumable\":").append(closing.resumable());
    closing.retryAfter().ifPresent(s -> frame.append(",\"retryAfter\":").append(s));
    return frame.append(",\"message\":\"").append(closing.message()).append("\"}").toString();
  }

  /** Answers a refresh. */
  public static String iceServers(IceServers servers, Optional<String> id) {
    StringBuilder frame = new StringBuilder(ENVELOPE + servers.json().length());
    frame.append("{\"type\":\"ice-servers\",");
    return end(appendIceServers(frame, servers), id);
  }

  /** Answers a report that was taken down. */
  public static String reported(Optional<String> id) {
    return end(new StringBuilder(ENVELOPE).append("{\"type\":\"reported\""), id);
  }

  /**
   * Says that a frame was not acted upon.
   *
   * @param message for people; plain text without quotes, backslashes or control characters
   */
  public static String error(ErrorCode code, String message, Optional<String> id) {
    return error(code, message, id, 0);
  }

  static String error(ErrorCode code, String message, Optional<String> id, long usedUp) {
    StringBuilder frame = new StringBuilder(ENVELOPE);
    frame.append("{\"type\":\"error\",\"code\":\"").append(code.wire());
    frame.append("\",\"message\":\"").append(message).append('"');
    if (usedUp > 0) {
      frame.append(",\"seq\":").append(usedUp);
    }
    return end(frame, id);
  }

  static String relayed(ClientFrame.Send message, String from, long seq) {
    ClientFrame.Payload data = message.data();
    StringBuilder frame = new StringBuilder(ENVELOPE + data.length());
    frame.append("{\"type\":\"").append(message.kind().wire());
    frame.append("\",\"from\":\"").append(from);
    frame.append("\",\"seq\":").append(seq);
    if (message.id().isPresent()) {
      frame.append(",\"id\":").append(message.id().get());
    }
    frame.append(",\"data\":").append(data.frame(), data.from(), data.to());
    return frame.append('}').toString();
  }

  static String delivered(String to, long seq) {
    return "{\"type\":\"delivered\",\"to\":\"" + to + "\",\"seq\":" + seq + "}";
  }

  static String failed(String to, long seq, long ack, FailureCode code) {
    return "{\"type\":\"failed\",\"to\":\""
        + to
        + "\",\"seq\":"
        + seq
        + ",\"ack\":"
        + ack
        + ",\"code\":\""
        + code.wire()
        + "\",\"message\":\""
        + code.message()
        + "\"}";
  }

  static String joined(
      String room, Iterable<Session> members, Session receiver, Optional<String> id) {
    StringBuilder frame = new StringBuilder(ENVELOPE);
    frame.append("{\"type\":\"joined\",\"room\":\"").append(room).append("\",\"peers\":[");
    String separator = "";
    for (Session member : members) {
      if (member != receiver) {
        frame.append(separator).append('"').append(member.peer()).append('"');
        separator = ",";
      }
    }
    return end(frame.append(']'), id);
  }

  static String left(String room, Optional<String> id) {
    return end(room("left", room), id);
  }

  static String peerJoined(String room, String peer) {
    return end(room("peer-joined", room).append(",\"peer\":\"").append(peer).append('"'));
  }

  static String peerLeft(String room, String peer) {
    return end(room("peer-left", room).append(",\"peer\":\"").append(peer).append('"'));
  }

  static String presence(String peer, boolean online, boolean away, Optional<String> id) {
    StringBuilder frame = new StringBuilder(ENVELOPE);
    frame.append("{\"type\":\"presence\",\"peer\":\"").append(peer);
    frame.append("\",\"online\":").append(online).append(",\"away\":").append(away);
    return end(frame, id);
  }

  static String unwatched(String peer, Optional<String> id) {
    StringBuilder frame = new StringBuilder(ENVELOPE);
    frame.append("{\"type\":\"unwatched\",\"peer\":\"").append(peer).append('"');
    return end(frame, id);
  }

  static String pong(Instant now, Optional<String> id) {
    StringBuilder frame = new StringBuilder(ENVELOPE);
    return end(frame.append("{\"type\":\"pong\",\"time\":\"").append(time(now)).append('"'), id);
  }

  static String welcome(
      Session session, boolean resumed, Instant now, IceServers servers, Limits limits) {
    StringBuilder frame = new StringBuilder(2 * ENVELOPE + servers.json().length());
    frame.append("{\"type\":\"welcome\",\"peer\":\"").append(session.peer());
    frame.append("\",\"session\":\"").append(session.id());
    frame.append("\",\"resume\":\"").append(session.secret());
    frame.append("\",\"resumed\":").append(resumed);
    frame.append(",\"received\":").append(session.received());
    frame.append(",\"time\":\"").append(time(now)).append("\",");
    appendIceServers(frame, servers);
    frame.append(",\"heartbeat\":").append(limits.heartbeat().toSeconds());
    frame.append(",\"limits\":{\"frame\":").append(limits.frame());
    frame.append(",\"rate\":").append(limits.rate());
    frame.append(",\"burst\":").append(limits.burst());
    frame.append(",\"rooms\":").append(limits.rooms());
    frame.append(",\"watches\":").append(limits.watches());
    frame.append(",\"queue\":").append(limits.queue());
    frame.append(",\"queueBytes\":").append(limits.queueChars());
    frame.append(",\"resumeSeconds\":").append(limits.resume().toSeconds());
    return frame.append("}}").toString();
  }

  private static StringBuilder appendIceServers(StringBuilder frame, IceServers servers) {
    frame.append("\"iceServers\":").append(servers.json());
    return frame.append(",\"ttl\":").append(servers.ttlSeconds());
  }

  private static StringBuilder room(String type, String room) {
    StringBuilder frame = new StringBuilder(ENVELOPE);
    return frame
        .append("{\"type\":\"")
        .append(type)
        .append("\",\"room\":\"")
        .append(room)
        .append('"');
  }

  private static String end(StringBuilder frame, Optional<String> id) {
    if (id.isPresent()) {
      frame.append(",\"id\":").append(id.get());
    }
    return end(frame);
  }

  private static String end(StringBuilder frame) {
    return frame.append('}').toString();
  }

  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
