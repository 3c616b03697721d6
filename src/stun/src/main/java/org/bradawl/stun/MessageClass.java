package org.bradawl.stun;

/** The class of a message: two bits of its type (RFC 8489 §5). */
public enum MessageClass {
  REQUEST(0),
  INDICATION(1),
  SUCCESS_RESPONSE(2),
  ERROR_RESPONSE(3);

  private final int code;

  MessageClass(int code) {
    this.code = code;
  }

  /** The class with this number, of which only the lower two bits count. */
  static MessageClass of(int code) {
    boolean response = (code & 2) != 0;
    boolean odd = (code & 1) != 0;
    return response ? (odd ? ERROR_RESPONSE : SUCCESS_RESPONSE) : (odd ? INDICATION : REQUEST);
  }

  /** The number on the wire, 0 to 3. */
  int code() {
    return code;
  }

  /** Whether a message of this class answers another. */
  public boolean isResponse() {
    return switch (this) {
      case SUCCESS_RESPONSE, ERROR_RESPONSE -> true;
      case REQUEST, INDICATION -> false;
    };
  }
}
