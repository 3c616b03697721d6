package org.bradawl.turn.auth;

import org.bradawl.stun.Bytes;
import org.bradawl.stun.PasswordHash;

/**
 * Who a request says it is from, and which of that one's keys it is to be checked with.
 *
 * @param realm the realm of the request
 * @param hash how the client made its key from the password
 */
public record Claim(Name name, String realm, PasswordHash hash) {

  /** How a request names its sender. */
  public sealed interface Name {

    /** USERNAME. */
    record Plain(String username) implements Name {}

    /** USERHASH: SHA-256 of name and realm (RFC 8489 §14.4). */
    record Hashed(Bytes hash) implements Name {}

    /** ACCESS-TOKEN, with the id of its key in USERNAME (RFC 7635 §6.2). */
    record Token(String keyId, Bytes token) implements Name {}
  }
}
