package org.bradawl.turn.server;

import org.bradawl.turn.server.TurnCounters.Event;

/** The errors the server answers with (RFC 8489 §14.8, RFC 8656 §19), and how each is counted. */
enum Fault {
  TRY_ALTERNATE(300, "Try Alternate", Event.REDIRECTED),
  BAD_REQUEST(400, "Bad Request", Event.BAD_REQUEST),
  CHALLENGE(401, "Unauthorized", Event.CHALLENGED),
  UNAUTHORIZED(401, "Unauthorized", Event.UNAUTHORIZED),
  FORBIDDEN(403, "Forbidden", Event.FORBIDDEN_PEER),
  MOBILITY_FORBIDDEN(405, "Mobility Forbidden", Event.BAD_REQUEST),
  UNKNOWN_ATTRIBUTE(420, "Unknown Attribute", Event.UNKNOWN_ATTRIBUTE),
  ALLOCATION_MISMATCH(437, "Allocation Mismatch", Event.ALLOCATION_MISMATCH),
  STALE_NONCE(438, "Stale Nonce", Event.STALE_NONCE),
  ADDRESS_FAMILY_NOT_SUPPORTED(440, "Address Family not Supported", Event.WRONG_FAMILY),
  WRONG_CREDENTIALS(441, "Wrong Credentials", Event.WRONG_CREDENTIALS),
  UNSUPPORTED_TRANSPORT(442, "Unsupported Transport Protocol", Event.UNSUPPORTED_TRANSPORT),
  PEER_ADDRESS_FAMILY_MISMATCH(443, "Peer Address Family Mismatch", Event.WRONG_FAMILY),
  CONNECTION_EXISTS(446, "Connection Already Exists", Event.CONNECTION_EXISTS),
  CONNECTION_FAILED(447, "Connection Timeout or Failure", Event.CONNECTION_FAILED),
  ALLOCATION_QUOTA_REACHED(486, "Allocation Quota Reached", Event.QUOTA),
  CLASSIC_OVER_DTLS(500, "Server Error", Event.BAD_REQUEST),
  INSUFFICIENT_CAPACITY(508, "Insufficient Capacity", Event.NO_CAPACITY);

  private final int code;
  private final String reason;
  private final Event event;

  Fault(int code, String reason, Event event) {
    this.code = code;
    this.reason = reason;
    this.event = event;
  }

  int code() {
    return code;
  }

  String reason() {
    return reason;
  }

  Event event() {
    return event;
  }
}
