package org.bradawl.server.http.boundary;

/**
 * Every kind of problem that the REST API answers with: the last part of the problem's {@code
 * type}, its status and title, and what to do about it. {@code GET /api/v1/problems/{code}} shows
 * the same to people who follow the link.
 */
public enum ProblemType {
  /** The body is not JSON, or not an object. */
  MALFORMED_JSON(
      400,
      "malformed-json",
      "The body is not a JSON object",
      "Send one JSON object with Content-Type: application/json."),
  /** A field, parameter or path segment has a value that is not allowed. */
  INVALID_VALUE(
      400,
      "invalid-value",
      "A value is not allowed",
      "The member \"errors\" names each field or parameter and says what would be right."),
  /** The request cannot be understood for another reason. */
  BAD_REQUEST(
      400,
      "bad-request",
      "The request cannot be understood",
      "The member \"detail\" says why; /openapi describes every request."),
  /** No credentials came. */
  CREDENTIALS_MISSING(
      401,
      "credentials-missing",
      "Credentials are needed",
      "Send Authorization: Bearer with a peer token, an application key or the admin token, as the"
          + " operation wants."),
  /** The credentials are not known. */
  CREDENTIALS_UNKNOWN(
      401,
      "credentials-unknown",
      "The credentials are not known here",
      "The token was not signed by this server, or the key is mistyped, revoked or of a deleted"
          + " application."),
  /** A good token, too late. */
  TOKEN_EXPIRED(
      401,
      "token-expired",
      "The token has expired",
      "Ask for a new one with POST /api/v1/tokens and the application's key."),
  /** Good credentials for something else. */
  NOT_ALLOWED(
      403,
      "not-allowed",
      "These credentials do not allow that",
      "Peer tokens and application keys fetch ICE servers, application keys ask for tokens, and the"
          + " admin token opens the rest."),
  /** No such thing. */
  NOT_FOUND(404, "not-found", "There is no such thing", "Check the path and the id."),
  /** Known path, other method. */
  METHOD_NOT_ALLOWED(
      405,
      "method-not-allowed",
      "This path has no such method",
      "The Allow header lists the methods that it has."),
  /** The client asks for a form that does not exist. */
  NOT_ACCEPTABLE(
      406,
      "not-acceptable",
      "The answer exists as JSON only",
      "Send Accept: application/json, or no Accept header."),
  /** The thing is already there, or changed in between. */
  CONFLICT(409, "conflict", "That is taken", "Choose another name, or look at what is there."),
  /** The body is too long. */
  TOO_LARGE(
      413, "too-large", "The body is too long", "No request of this API needs more than 16 KiB."),
  /** The body is not JSON by its own account. */
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "unsupported-media-type",
      "The body must be JSON",
      "Send Content-Type: application/json."),
  /** This address failed too often. */
  TOO_MANY_FAILURES(
      429,
      "too-many-failures",
      "Too many failed authentications from this address",
      "Wait for as many seconds as Retry-After says, and correct the credentials."),
  /** This address asks too often. */
  TOO_MANY_REQUESTS(
      429,
      "too-many-requests",
      "Too many requests from this address",
      "Wait for as many seconds as Retry-After says."),
  /** Our fault. */
  INTERNAL_ERROR(
      500,
      "internal-error",
      "The server failed",
      "The server's log has the cause under the id in \"instance\"."),
  /** The database is away; relay and signaling go on. */
  DATABASE_UNAVAILABLE(
      503,
      "database-unavailable",
      "The database does not answer",
      "Relay and signaling go on; records, applications and statistics come back with the"
          + " database. /health/ready shows its state.");

  private final int status;
  private final String code;
  private final String title;
  private final String remedy;

  ProblemType(int status, String code, String title, String remedy) {
    this.status = status;
    this.code = code;
    this.title = title;
    this.remedy = remedy;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The stable, lower-case name, the last segment of the problem's {@code type}. */
  public String code() {
    return code;
  }

  /** What is wrong, the same for every occurrence. */
  public String title() {
    return title;
  }

  /** What the caller can do about it. */
  public String remedy() {
    return remedy;
  }
}
