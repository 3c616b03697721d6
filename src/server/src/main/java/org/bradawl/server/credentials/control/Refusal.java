package org.bradawl.server.credentials.control;

/** Why a caller was not admitted, with the code that clients see and the HTTP status that fits. */
public enum Refusal {
  /** No credential was presented. */
  MISSING("credentials-missing", 401),
  /** The credential is neither a token that this server signed nor a live application key. */
  UNKNOWN("credentials-unknown", 401),
  /** A token that this server signed, but too old. */
  EXPIRED("token-expired", 401),
  /** A good token for another peer than the one asked for. */
  OTHER_PEER("other-peer", 403),
  /** The peer id asked for is not a valid one. */
  INVALID_PEER("invalid-peer", 400),
  /** This address failed too often lately. */
  TOO_MANY_FAILURES("too-many-failures", 429);

  private final String code;
  private final int status;

  Refusal(String code, int status) {
    this.code = code;
    this.status = status;
  }

  /** The stable, lower-case code of this refusal. */
  public String code() {
    return code;
  }

  /** The HTTP status that fits. */
  public int status() {
    return status;
  }
}
