package org.bradawl.datapath;

/** What a listener expects of those who come to it. */
public enum Spoken {
  /** STUN and TURN as they are. */
  PLAIN,
  /** TLS over TCP, DTLS over UDP. */
  SECURED,
  /** Either, told apart by the first byte (RFC 7983). */
  EITHER
}
