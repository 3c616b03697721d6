package org.bradawl.signaling;

import java.util.Optional;
import org.bradawl.signaling.ClientFrame.Payload;
import org.bradawl.signaling.ClientFrame.Unusable;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's frame without building a JSON tree: checks the whole text's syntax in one pass
 * and notes where the envelope's members lie.
 *
 * <p>Members that the protocol does not know are passed over, {@code from} among them, and since a
 * relayed frame is written anew around the payload, nothing else of a client's frame reaches
 * anyone. Known members may not appear twice, and the outermost names may not be written with
 * escapes: what this scanner and a client's JSON parser take for a name is then the same.
 */
public final class FrameScanner {

  /** The largest integer that every JSON parser keeps exact (2^53 - 1). */
  static final long MAX_INTEGER = 9_007_199_254_740_991L;

  /** Characters of an {@code id} as written, without its quotes. */
  static final int MAX_ID = 64;

  private static final String[] NAMES = {
    "type", "to", "seq", "ack", "id", "data", "room", "peer", "traversal"
  };
  private static final int TYPE = 0;
  private static final int TO = 1;
  private static final int SEQ = 2;
  private static final int ACK = 3;
  private static final int ID = 4;
  private static final int DATA = 5;
  private static final int ROOM = 6;
  private static final int PEER = 7;
  private static final int TRAVERSAL = 8;

  /** What goes on to the planner as it is. */
  private static final String[] NATIVE = {
    "host",
    "nat-report",
    "echo",
    "connect",
    "accept",
    "refuse",
    "ready",
    "step-result",
    "done",
    "cancel"
  };

  private final String text;
  private final JsonCursor cursor;

  /** Where each known member's value starts and ends; an end of 0 says that it is absent. */
  private final int[] from = new int[NAMES.length];

  private final int[] to = new int[NAMES.length];

  private FrameScanner(String text) {
    this.text = text;
    this.cursor = new JsonCursor(text);
  }

  /** Reads a frame. Any text has an answer. */
  public static ClientFrame scan(String text) {
    FrameScanner scanner = new FrameScanner(text);
    Unusable problem = scanner.findMembers();
    return problem != null ? problem : scanner.frame();
  }

  private @Nullable Unusable findMembers() {
    cursor.skipSpace();
    if (!cursor.pass('{')) {
      return malformed();
    }
    cursor.skipSpace();
    if (!cursor.pass('}')) {
      do {
        cursor.skipSpace();
        Unusable problem = findMember();
        if (problem != null) {
          return problem;
        }
        cursor.skipSpace();
      } while (cursor.pass(','));
      if (!cursor.pass('}')) {
        return malformed();
      }
    }
    cursor.skipSpace();
    return cursor.atEnd() ? null : malformed();
  }

  private @Nullable Unusable findMember() {
    int name = cursor.position() + 1;
    if (!cursor.skipString()) {
      return malformed();
    }
    int nameEnd = cursor.position() - 1;
    int member = member(name, nameEnd);
    if (member < 0 && hasEscape(name, nameEnd)) {
      return unusable(ErrorCode.BAD_FRAME, "an outermost name is written with escapes");
    }
    cursor.skipSpace();
    if (!cursor.pass(':')) {
      return malformed();
    }
    cursor.skipSpace();
    int value = cursor.position();
    if (!cursor.skipValue()) {
      return cursor.tooDeep()
          ? unusable(ErrorCode.TOO_DEEP, "nested deeper than " + JsonCursor.MAX_DEPTH)
          : malformed();
    }
    if (member >= 0) {
      if (to[member] != 0) {
        return unusable(ErrorCode.BAD_FRAME, NAMES[member] + " appears twice");
      }
      from[member] = value;
      to[member] = cursor.position();
    }
    return null;
  }

  private int member(int start, int end) {
    int length = end - start;
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i].length() == length && text.startsWith(NAMES[i], start)) {
        return i;
      }
    }
    return -1;
  }

  private boolean hasEscape(int start, int end) {
    return text.indexOf('\\', start, end) >= 0;
  }

  private ClientFrame frame() {
    if (has(ID) && (!isString(ID) || to[ID] - from[ID] - 2 > MAX_ID)) {
      return unusable(
          ErrorCode.BAD_FRAME, "id must be a string of at most " + MAX_ID + " characters");
    }
    if (!has(TYPE)) {
      return refuse(ErrorCode.MISSING_FIELD, "type is missing");
    }
    for (Kind kind : KINDS) {
      if (isType(kind.wire())) {
        return send(kind);
      }
    }
    if (isType("ack")) {
      long seq = integer(SEQ);
      return seq < 0 ? missing("seq", "a whole number") : new ClientFrame.Ack(seq);
    }
    return control();
  }

  private static final Kind[] KINDS = Kind.values();

  private ClientFrame send(Kind kind) {
    long seq = integer(SEQ);
    long ack = has(ACK) ? integer(ACK) : 0;
    if (seq <= 0 || ack < 0) {
      return missing(seq <= 0 ? "seq" : "ack", "a whole number");
    }
    if (!has(DATA)) {
      return refuse(ErrorCode.MISSING_FIELD, "data is missing");
    }
    String peer = name(TO);
    return peer == null
        ? badName("to")
        : new ClientFrame.Send(kind, peer, seq, ack, id(), new Payload(text, from[DATA], to[DATA]));
  }

  private ClientFrame control() {
    if (isType("join")) {
      String room = name(ROOM);
      return room == null ? badName("room") : new ClientFrame.Join(room, id());
    }
    if (isType("leave")) {
      String room = name(ROOM);
      return room == null ? badName("room") : new ClientFrame.Leave(room, id());
    }
    if (isType("watch")) {
      String peer = name(PEER);
      return peer == null ? badName("peer") : new ClientFrame.Watch(peer, id());
    }
    if (isType("unwatch")) {
      String peer = name(PEER);
      return peer == null ? badName("peer") : new ClientFrame.Unwatch(peer, id());
    }
    if (isType("ping")) {
      return new ClientFrame.Ping(id());
    }
    if (isType("refresh")) {
      return new ClientFrame.Refresh(id());
    }
    if (isType("report")) {
      return has(TRAVERSAL) && text.charAt(from[TRAVERSAL]) == '{'
          ? new ClientFrame.Report(new Payload(text, from[TRAVERSAL], to[TRAVERSAL]), id())
          : missing("traversal", "an object");
    }
    for (String type : NATIVE) {
      if (isType(type)) {
        return new ClientFrame.Native(new Payload(text, 0, text.length()), id());
      }
    }
    if (isType("bye")) {
      return new ClientFrame.Bye();
    }
    return refuse(ErrorCode.UNKNOWN_TYPE, "no such type in this version of the protocol");
  }

  private boolean has(int member) {
    return to[member] != 0;
  }

  private boolean isString(int member) {
    return text.charAt(from[member]) == '"';
  }

  private boolean isType(String type) {
    int start = from[TYPE];
    return to[TYPE] - start == type.length() + 2
        && text.charAt(start) == '"'
        && text.startsWith(type, start + 1);
  }

  private @Nullable String name(int member) {
    if (!has(member) || !isString(member)) {
      return null;
    }
    int start = from[member] + 1;
    int end = to[member] - 1;
    return Names.valid(text, start, end) ? text.substring(start, end) : null;
  }

  /** The member as a whole number from 0 to {@link #MAX_INTEGER}, or -1. */
  private long integer(int member) {
    int length = to[member] - from[member];
    if (length == 0 || length > 16) {
      return -1;
    }
    long value = 0;
    for (int i = from[member]; i < to[member]; i++) {
      char c = text.charAt(i);
      if (!JsonCursor.isDigit(c)) {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value <= MAX_INTEGER ? value : -1;
  }

  private Optional<String> id() {
    return has(ID) ? Optional.of(text.substring(from[ID], to[ID])) : Optional.empty();
  }

  private Unusable badName(String member) {
    return refuse(
        ErrorCode.BAD_NAME,
        member + " must be 1 to " + Names.MAX_LENGTH + " characters of A-Z a-z 0-9 . _ ~ @ : -");
  }

  private Unusable missing(String member, String what) {
    return refuse(ErrorCode.MISSING_FIELD, member + " must be " + what);
  }

  /** A frame with a readable envelope: the answer can name it. */
  private Unusable refuse(ErrorCode code, String message) {
    return new Unusable(code, message, id(), Math.max(0, integer(SEQ)));
  }

  private static Unusable malformed() {
    return unusable(ErrorCode.BAD_FRAME, "not a JSON object");
  }

  private static Unusable unusable(ErrorCode code, String message) {
    return new Unusable(code, message, Optional.empty(), 0);
  }
}
