package org.bradawl.stun;

/** Which generation of STUN a message speaks; its first bytes tell. */
public enum Dialect {
  /** RFC 8489 and RFC 5389: with the magic cookie. */
  RFC8489,
  /** RFC 3489: 128 bits of transaction id, no cookie, no padding. */
  RFC3489
}
