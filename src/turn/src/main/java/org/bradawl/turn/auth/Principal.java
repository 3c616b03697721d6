package org.bradawl.turn.auth;

/**
 * Who authenticated. Quotas count by {@code user}, which stays the same when a short-lived
 * credential is renewed.
 *
 * @param user the whole name, without the expiry of an ephemeral one
 * @param application the part of {@code application/peer} before the first slash, or empty
 * @param peer the part after it, or the whole name
 * @param issuer what the credential was made with, so that it can end with that; empty if the name
 *     does not say
 */
public record Principal(String user, String application, String peer, String issuer) {

  /** Somebody whose name does not say what the credential was made with. */
  public Principal(String user, String application, String peer) {
    this(user, application, peer, "");
  }

  /** The principal that {@code user} names; {@code application/peer} is taken apart. */
  public static Principal of(String user) {
    int slash = user.indexOf('/');
    return slash < 0
        ? new Principal(user, "", user)
        : new Principal(user, user.substring(0, slash), user.substring(slash + 1));
  }

  /** The same, with what the credential was made with. */
  public Principal issuedBy(String what) {
    return new Principal(user, application, peer, what);
  }
}
