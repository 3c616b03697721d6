package org.bradawl.stun;

/**
 * What a message is about: twelve bits of its type (RFC 8489 §5). A {@code switch} over the cases
 * of {@link Known} and {@link Unknown} is exhaustive.
 */
public sealed interface Method {

  /** The number on the wire, 0 to 0xFFF. */
  int code();

  /** The methods that some document defines. */
  enum Known implements Method {
    /** RFC 8489 §18.2. */
    BINDING(0x001),
    /** RFC 3489 §11.1; over TLS only, and reserved since RFC 5389. */
    SHARED_SECRET(0x002),
    /** RFC 8656 §17, as the next five. */
    ALLOCATE(0x003),
    REFRESH(0x004),
    SEND(0x006),
    DATA(0x007),
    CREATE_PERMISSION(0x008),
    CHANNEL_BIND(0x009),
    /** RFC 6062 §6.1, as the next two. */
    CONNECT(0x00a),
    CONNECTION_BIND(0x00b),
    CONNECTION_ATTEMPT(0x00c);

    private static final Known[] ALL = values();

    private final int code;

    Known(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /**
   * A method that no document we know of defines.
   *
   * @param code the number on the wire, 0 to 0xFFF
   */
  record Unknown(int code) implements Method {

    /** Rejects what does not fit, and the numbers of known methods. */
    public Unknown {
      if (code >>> 12 != 0) {
        throw new IllegalArgumentException("a method has 12 bits");
      }
      if (known(code)) {
        throw new IllegalArgumentException("method " + code + " is known");
      }
    }

    private static boolean known(int code) {
      for (Known method : Known.ALL) {
        if (method.code == code) {
          return true;
        }
      }
      return false;
    }
  }

  /** The method with this number, of which only the lower twelve bits count. */
  static Method of(int code) {
    for (Known method : Known.ALL) {
      if (method.code == (code & 0xfff)) {
        return method;
      }
    }
    return new Unknown(code & 0xfff);
  }
}
